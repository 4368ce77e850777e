import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;
import org.openmuc.jdlms.AccessResultCode;
import org.openmuc.jdlms.AttributeAddress;
import org.openmuc.jdlms.AuthenticationMechanism;
import org.openmuc.jdlms.DlmsConnection;
import org.openmuc.jdlms.GetResult;
import org.openmuc.jdlms.MethodParameter;
import org.openmuc.jdlms.MethodResult;
import org.openmuc.jdlms.MethodResultCode;
import org.openmuc.jdlms.ObisCode;
import org.openmuc.jdlms.SecuritySuite;
import org.openmuc.jdlms.SelectiveAccessDescription;
import org.openmuc.jdlms.SetParameter;
import org.openmuc.jdlms.TcpConnectionBuilder;
import org.openmuc.jdlms.datatypes.BitString;
import org.openmuc.jdlms.datatypes.CosemDateFormat.Field;
import org.openmuc.jdlms.datatypes.CosemDateTime;
import org.openmuc.jdlms.datatypes.DataObject;

/**
 * A DLMS client made of jDLMS: reads a meter and prints what it read as one JSON object. Same options as the Python clients;
 * secrets come from files.
 */
public final class JdlmsClient {
  private final PeerOptions options;

  private JdlmsClient(PeerOptions options) {
    this.options = options;
  }

  public static void main(String[] arguments) throws Exception {
    PeerOptions.serve(arguments, (options, out) -> new JdlmsClient(options).run(out));
  }

  private void run(StringJoiner out) throws Exception {
    String[] endpoint = options.text("--link", "").replace("tcp://", "").split(":");
    TcpConnectionBuilder builder =
        new TcpConnectionBuilder(endpoint[0])
            .setPort(Integer.parseInt(endpoint[1]))
            .setClientId(Integer.parseInt(options.text("--client", "16")))
            .setLogicalDeviceId(Integer.parseInt(options.text("--server", "1")))
            .setResponseTimeout(1000 * options.number("--timeout", 10))
            .setSecuritySuite(suite());
    if (options.text("--framing", "wrapper").equals("hdlc")) {
      builder.useHdlc().setPhysicalDeviceAddress(Integer.parseInt(options.text("--physical", "17")));
    }
    byte[] title = HexFormat.of().parseHex(options.text("--system-title", "4D50524330303031"));
    long device = 0;
    for (int i = 3; i < 8; i++) device = device << 8 | (title[i] & 0xFF);
    builder
        .setSystemTitle(new String(title, 0, 3), device)
        .setFrameCounter(Long.parseLong(options.text("--invocation-counter", "1")));

    try (DlmsConnection connection = builder.build()) {
      out.add("\"associated\": true");
      for (String what : options.all("--read")) {
        String name = what.substring(what.indexOf(':') + 1);
        if (what.equals("clock")) {
          out.add("\"clock\": \"" + stamp(get(connection, 8, "0.0.1.0.0.255", 2, null)) + '"');
        } else if (what.startsWith("data:")) {
          byte[] text = get(connection, 1, name, 2, null).getValue();
          out.add('"' + what + "\": \"" + new String(text) + '"');
        } else if (what.startsWith("register:")) {
          List<DataObject> scalerUnit = get(connection, 3, name, 3, null).getValue();
          Number raw = get(connection, 3, name, 2, null).getValue();
          Number scaler = scalerUnit.get(0).getValue();
          Number unit = scalerUnit.get(1).getValue();
          out.add(
              String.format(
                  "\"%s\": {\"raw\": %d, \"scaler\": %d, \"unit\": %d}",
                  what, raw.longValue(), scaler.intValue(), unit.intValue()));
        } else if (what.startsWith("profile:")) {
          out.add('"' + what + "\": " + profile(connection, name));
        }
      }
      if (options.has("--list")) out.add("\"list\": " + list(connection));
      if (options.has("--write")) {
        out.add("\"set\": " + written(connection, "written by jdlms".getBytes()));
      }
      if (options.has("--write-octets")) {
        byte[] text = new byte[options.number("--write-octets", 0)];
        for (int i = 0; i < text.length; i++) text[i] = (byte) ('a' + i % 26);
        out.add("\"set_blocks\": " + written(connection, text));
      }
      if (options.has("--image")) image(connection, out);
      int repeat = Integer.parseInt(options.text("--repeat", "0"));
      if (repeat > 0) {
        AttributeAddress energy = new AttributeAddress(3, new ObisCode("1.0.1.8.0.255"), 2);
        for (int i = 0; i < repeat; i++) connection.get(energy);
        long start = System.nanoTime();
        for (int i = 0; i < repeat; i++) connection.get(energy);
        out.add("\"gets_per_second\": " + Math.round(repeat * 1e9 / (System.nanoTime() - start)));
      }
    }
    out.add("\"released\": true");
  }

  private SecuritySuite suite() throws Exception {
    SecuritySuite.SecuritySuiteBuilder suite = SecuritySuite.builder();
    switch (options.text("--auth", "none")) {
      case "lls" ->
          suite
              .setAuthenticationMechanism(AuthenticationMechanism.LOW)
              .setPassword(options.secret("--password"));
      case "hls_gmac" ->
          suite
              .setAuthenticationMechanism(AuthenticationMechanism.HLS5_GMAC)
              .setEncryptionMechanism(SecuritySuite.EncryptionMechanism.AES_GCM_128)
              .setGlobalUnicastEncryptionKey(options.secret("--encryption-key"))
              .setAuthenticationKey(options.secret("--authentication-key"));
      default -> {}
    }
    return suite.build();
  }

  private String list(DlmsConnection connection) throws Exception {
    ObisCode energy = new ObisCode("1.0.1.8.0.255");
    List<GetResult> results =
        connection.get(List.of(new AttributeAddress(3, energy, 2), new AttributeAddress(3, energy, 3)));
    Number raw = results.get(0).getResultData().getValue();
    List<DataObject> scalerUnit = results.get(1).getResultData().getValue();
    Number scaler = scalerUnit.get(0).getValue();
    Number unit = scalerUnit.get(1).getValue();
    return String.format(
        "{\"raw\": %d, \"scaler\": %d, \"unit\": %d}",
        raw.longValue(), scaler.intValue(), unit.intValue());
  }

  /** Writes, reads back and restores the text. */
  private boolean written(DlmsConnection connection, byte[] text) throws Exception {
    AttributeAddress where =
        new AttributeAddress(1, new ObisCode(options.text("--text", "0.0.96.1.5.255")), 2);
    set(connection, where, text);
    boolean same = Arrays.equals(text, connection.get(where).getResultData().getValue());
    set(connection, where, "interop".getBytes());
    return same;
  }

  private static void set(DlmsConnection connection, AttributeAddress where, byte[] text)
      throws Exception {
    AccessResultCode result =
        connection.set(new SetParameter(where, DataObject.newOctetStringData(text)));
    if (result != AccessResultCode.SUCCESS) throw new Exception("set: " + result);
  }

  private void image(DlmsConnection connection, StringJoiner out) throws Exception {
    String name = options.text("--image", "");
    Number octets = get(connection, 18, name, 2, null).getValue();
    act(connection, name, 1,
        DataObject.newOctetStringData("interop".getBytes()),
        DataObject.newUInteger32Data(2L * octets.intValue()));
    out.add("\"action\": true");
    for (int block = 0; block < 2; block++) {
      act(connection, name, 2,
          DataObject.newUInteger32Data(block),
          DataObject.newOctetStringData(new byte[octets.intValue()]));
    }
    BitString status = get(connection, 18, name, 3, null).getValue();
    out.add("\"action_blocks\": " + ((status.getBitString()[0] & 0xC0) == 0xC0));
  }

  private static void act(DlmsConnection connection, String name, int method, DataObject... fields)
      throws Exception {
    MethodResult result =
        connection.action(
            new MethodParameter(18, new ObisCode(name), method, DataObject.newStructureData(fields)));
    if (result.getResultCode() != MethodResultCode.SUCCESS) throw new Exception("action: " + result.getResultCode());
  }

  private static DataObject get(
      DlmsConnection connection,
      int classId,
      String name,
      int attribute,
      SelectiveAccessDescription access)
      throws Exception {
    GetResult result =
        connection.get(new AttributeAddress(classId, new ObisCode(name), attribute, access));
    if (!result.requestSuccessful()) throw new Exception(name + ": " + result.getResultCode());
    return result.getResultData();
  }

  private static String stamp(DataObject value) {
    Object raw = value.getValue();
    CosemDateTime t = raw instanceof CosemDateTime time ? time : CosemDateTime.decode((byte[]) raw);
    return LocalDateTime.of(
            t.get(Field.YEAR),
            t.get(Field.MONTH),
            t.get(Field.DAY_OF_MONTH),
            t.get(Field.HOUR),
            t.get(Field.MINUTE),
            t.get(Field.SECOND))
        .format(java.time.format.DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss"));
  }

  private String profile(DlmsConnection connection, String name) throws Exception {
    StringJoiner out = new StringJoiner(", ", "{", "}");
    StringJoiner columns = new StringJoiner("\", \"", "[\"", "\"]");
    List<DataObject> captured = get(connection, 7, name, 3, null).getValue();
    for (DataObject column : captured) {
      List<DataObject> fields = column.getValue();
      columns.add(new ObisCode((byte[]) fields.get(1).getValue()).asDecimalString());
    }
    out.add("\"columns\": " + columns);
    out.add("\"rows\": " + rows(get(connection, 7, name, 2, null)));
    if (options.has("--entries")) {
      String[] part = options.text("--entries", "").split(",");
      long first = Long.parseLong(part[0]);
      DataObject parameter =
          DataObject.newStructureData(
              DataObject.newUInteger32Data(first),
              DataObject.newUInteger32Data(first + Long.parseLong(part[1]) - 1),
              DataObject.newUInteger16Data(1),
              DataObject.newUInteger16Data(0));
      DataObject rows =
          get(connection, 7, name, 2, new SelectiveAccessDescription(2, parameter));
      out.add("\"by_entry\": " + rows(rows));
    }
    if (options.has("--range")) {
      String[] part = options.text("--range", "").split(",");
      DataObject parameter =
          DataObject.newStructureData(
              captured.get(0), time(part[0]), time(part[1]), DataObject.newArrayData(List.of()));
      DataObject rows =
          get(connection, 7, name, 2, new SelectiveAccessDescription(1, parameter));
      out.add("\"by_range\": " + rows(rows));
    }
    return out.toString();
  }

  private static DataObject time(String iso) {
    LocalDateTime t = LocalDateTime.parse(iso);
    return DataObject.newOctetStringData(
        new CosemDateTime(
                t.getYear(),
                t.getMonthValue(),
                t.getDayOfMonth(),
                0xFF,
                t.getHour(),
                t.getMinute(),
                t.getSecond(),
                0,
                0)
            .encode());
  }

  private static String rows(DataObject array) {
    StringJoiner out = new StringJoiner(", ", "[", "]");
    List<DataObject> rows = array.getValue();
    for (DataObject row : rows) {
      List<DataObject> fields = row.getValue();
      Number value = fields.get(1).getValue();
      out.add("[\"" + stamp(fields.get(0)) + "\", " + value.longValue() + ']');
    }
    return out.toString();
  }
}

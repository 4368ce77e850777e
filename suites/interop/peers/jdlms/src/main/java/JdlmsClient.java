import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.openmuc.jdlms.AttributeAddress;
import org.openmuc.jdlms.AuthenticationMechanism;
import org.openmuc.jdlms.DlmsConnection;
import org.openmuc.jdlms.GetResult;
import org.openmuc.jdlms.ObisCode;
import org.openmuc.jdlms.SecuritySuite;
import org.openmuc.jdlms.SelectiveAccessDescription;
import org.openmuc.jdlms.TcpConnectionBuilder;
import org.openmuc.jdlms.datatypes.CosemDateFormat.Field;
import org.openmuc.jdlms.datatypes.CosemDateTime;
import org.openmuc.jdlms.datatypes.DataObject;

/**
 * A DLMS client made of jDLMS: reads a meter and prints what it read as one JSON object. Same options as the Python clients;
 * secrets come from files.
 */
public final class JdlmsClient {
  private static final Map<String, List<String>> options = new HashMap<>();

  public static void main(String[] arguments) {
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      options.computeIfAbsent(arguments[i], k -> new ArrayList<>()).add(arguments[i + 1]);
    }
    int code = 0;
    StringJoiner out = new StringJoiner(", ", "{", "}");
    try {
      run(out);
    } catch (Exception failure) {
      out.add("\"error\": \"" + failure.toString().replaceAll("[\"\\\\\\s]+", " ") + '"');
      code = 1;
    }
    System.out.println(out);
    System.exit(code);
  }

  private static String option(String name, String fallback) {
    return options.getOrDefault(name, List.of(fallback)).get(0);
  }

  private static byte[] secret(String name) throws Exception {
    String text = Files.readString(Path.of(option(name, ""))).strip();
    return text.matches("[0-9a-fA-F]{32}") ? HexFormat.of().parseHex(text) : text.getBytes();
  }

  private static void run(StringJoiner out) throws Exception {
    String[] endpoint = option("--link", "").replace("tcp://", "").split(":");
    TcpConnectionBuilder builder =
        new TcpConnectionBuilder(endpoint[0])
            .setPort(Integer.parseInt(endpoint[1]))
            .setClientId(Integer.parseInt(option("--client", "16")))
            .setLogicalDeviceId(Integer.parseInt(option("--server", "1")))
            .setResponseTimeout(10_000)
            .setSecuritySuite(suite());
    if (option("--framing", "wrapper").equals("hdlc")) {
      builder.useHdlc().setPhysicalDeviceAddress(Integer.parseInt(option("--physical", "17")));
    }
    byte[] title = HexFormat.of().parseHex(option("--system-title", "4D50524330303031"));
    long device = 0;
    for (int i = 3; i < 8; i++) device = device << 8 | (title[i] & 0xFF);
    builder
        .setSystemTitle(new String(title, 0, 3), device)
        .setFrameCounter(Long.parseLong(option("--invocation-counter", "1")));

    try (DlmsConnection connection = builder.build()) {
      out.add("\"associated\": true");
      for (String what : options.getOrDefault("--read", List.of())) {
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
      int repeat = Integer.parseInt(option("--repeat", "0"));
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

  private static SecuritySuite suite() throws Exception {
    SecuritySuite.SecuritySuiteBuilder suite = SecuritySuite.builder();
    switch (option("--auth", "none")) {
      case "lls" ->
          suite
              .setAuthenticationMechanism(AuthenticationMechanism.LOW)
              .setPassword(secret("--password"));
      case "hls_gmac" ->
          suite
              .setAuthenticationMechanism(AuthenticationMechanism.HLS5_GMAC)
              .setEncryptionMechanism(SecuritySuite.EncryptionMechanism.AES_GCM_128)
              .setGlobalUnicastEncryptionKey(secret("--encryption-key"))
              .setAuthenticationKey(secret("--authentication-key"));
      default -> {}
    }
    return suite.build();
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

  private static String profile(DlmsConnection connection, String name) throws Exception {
    StringJoiner out = new StringJoiner(", ", "{", "}");
    StringJoiner columns = new StringJoiner("\", \"", "[\"", "\"]");
    List<DataObject> captured = get(connection, 7, name, 3, null).getValue();
    for (DataObject column : captured) {
      List<DataObject> fields = column.getValue();
      columns.add(new ObisCode((byte[]) fields.get(1).getValue()).asDecimalString());
    }
    out.add("\"columns\": " + columns);
    out.add("\"rows\": " + rows(get(connection, 7, name, 2, null)));
    if (options.containsKey("--entries")) {
      String[] part = option("--entries", "").split(",");
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
    if (options.containsKey("--range")) {
      String[] part = option("--range", "").split(",");
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

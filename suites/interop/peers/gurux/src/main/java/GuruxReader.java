import gurux.dlms.GXDLMSAccessItem;
import gurux.dlms.GXByteBuffer;
import gurux.dlms.GXDateTime;
import gurux.dlms.GXReplyData;
import gurux.dlms.enums.AccessServiceCommandType;
import gurux.dlms.enums.DataType;
import gurux.dlms.objects.GXDLMSClock;
import gurux.dlms.objects.GXDLMSData;
import gurux.dlms.objects.GXDLMSImageTransfer;
import gurux.dlms.objects.GXDLMSObject;
import gurux.dlms.objects.GXDLMSProfileGeneric;
import gurux.dlms.objects.GXDLMSRegister;
import gurux.dlms.objects.GXDLMSSecuritySetup;
import gurux.dlms.objects.enums.GlobalKeyType;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.AbstractMap.SimpleEntry;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Reads a meter with GuruxClient; the options and the JSON object are those of the Python clients. */
final class GuruxReader {
  private final PeerOptions options;
  private final GuruxClient session;
  private final StringJoiner out;
  private StringJoiner failures = new StringJoiner(", ", "\"failed\": {", "}");

  private GuruxReader(PeerOptions options, GuruxClient session, StringJoiner out) {
    this.options = options;
    this.session = session;
    this.out = out;
  }

  static void run(PeerOptions options, StringJoiner out) throws Exception {
    try (GuruxClient session = new GuruxClient(options)) {
      session.associate();
      out.add("\"associated\": true");
      GuruxReader reader = new GuruxReader(options, session, out);
      reader.all();
      out.add(reader.failures.toString());
      session.release();
      out.add("\"released\": true");
    }
  }

  private interface Step {
    void run() throws Exception;
  }

  /** A step that fails leaves its reason and lets the others go on, so one fault does not empty a row. */
  private void step(String what, Step step) {
    try {
      step.run();
    } catch (Exception failure) {
      if (System.getenv("PEER_TRACE") != null) failure.printStackTrace();
      failures.add(PeerOptions.quoted(what) + ": " + PeerOptions.quoted(failure.toString()));
    }
  }

  private void all() {
    for (String what : options.all("--read")) {
      String name = what.substring(what.indexOf(':') + 1);
      step(
          what,
          () -> {
            if (what.equals("clock")) clock();
            else if (what.startsWith("data:")) data(what, name);
            else if (what.startsWith("register:")) register(what, name);
            else if (what.startsWith("profile:")) profile(what, name);
          });
    }
    if (options.has("--list")) step("list", this::list);
    if (options.has("--write")) {
      step("set", () -> write("set", "written by gurux".getBytes()));
    }
    if (options.has("--image")) image();
    if (options.has("--access")) step("access", this::access);
    if (options.has("--new-key")) step("key_transfer", this::keyTransfer);
    // Last, because Gurux' server loses the session over it.
    int octets = options.number("--write-octets", 0);
    if (octets > 0) step("set_blocks", () -> write("set_blocks", longText(octets)));
    if (options.has("--repeat")) step("rate", this::rate);
  }

  private static byte[] longText(int octets) {
    byte[] text = new byte[octets];
    for (int i = 0; i < octets; i++) text[i] = (byte) ('a' + i % 26);
    return text;
  }

  private GXDLMSObject found(GXDLMSObject named) {
    return session.object(named);
  }

  private static String stamp(Object value) {
    if (value instanceof byte[] octets) {
      value =
          gurux.dlms.GXDLMSClient.changeType(octets, DataType.DATETIME);
    }
    return LocalDateTime.ofInstant(
            ((GXDateTime) value).getMeterCalendar().toInstant(), ZoneOffset.UTC)
        .format(DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss"));
  }

  private void clock() throws Exception {
    GXDLMSClock clock = (GXDLMSClock) found(new GXDLMSClock("0.0.1.0.0.255"));
    session.read(clock, 2);
    out.add("\"clock\": \"" + stamp(clock.getTime()) + '"');
  }

  private void data(String what, String name) throws Exception {
    Object value = session.request(session.client.read(found(new GXDLMSData(name)), 2)).getValue();
    out.add('"' + what + "\": " + PeerOptions.quoted(new String((byte[]) value)));
  }

  private String registerText(GXDLMSRegister register, Object raw) {
    return String.format(
        java.util.Locale.ROOT,
        "{\"raw\": %d, \"scale\": %s, \"unit\": %d}",
        ((Number) raw).longValue(),
        register.getScaler(),
        register.getUnit().getValue());
  }

  private void register(String what, String name) throws Exception {
    GXDLMSRegister register = (GXDLMSRegister) found(new GXDLMSRegister(name));
    session.read(register, 3);
    Object raw = session.request(session.client.read(register, 2)).getValue();
    out.add('"' + what + "\": " + registerText(register, raw));
  }

  private void list() throws Exception {
    GXDLMSRegister energy = (GXDLMSRegister) found(new GXDLMSRegister("1.0.1.8.0.255"));
    List<Map.Entry<GXDLMSObject, Integer>> wanted =
        List.of(new SimpleEntry<>(energy, 3), new SimpleEntry<>(energy, 2));
    GXReplyData reply = session.request(session.client.readList(wanted));
    List<?> values = (List<?>) reply.getValue();
    session.client.updateValue(energy, 3, values.get(0));
    out.add("\"list\": " + registerText(energy, values.get(1)));
  }

  private void profile(String what, String name) throws Exception {
    GXDLMSProfileGeneric profile =
        (GXDLMSProfileGeneric) found(new GXDLMSProfileGeneric(name));
    session.read(profile, 3);
    StringJoiner part = new StringJoiner(", ", "{", "}");
    step("rows", () -> {
      session.read(profile, 2);
      part.add("\"rows\": " + rows(profile));
    });
    if (options.has("--entries")) {
      step("by_entry", () -> {
        String[] entries = options.text("--entries", "").split(",");
        int first = Integer.parseInt(entries[0]), count = Integer.parseInt(entries[1]);
        selected(profile, session.client.readRowsByEntry(profile, first, count));
        part.add("\"by_entry\": " + rows(profile));
      });
    }
    if (options.has("--range")) {
      step("by_range", () -> {
        String[] range = options.text("--range", "").split(",");
        selected(profile, session.client.readRowsByRange(profile, date(range[0]), date(range[1])));
        part.add("\"by_range\": " + rows(profile));
      });
    }
    out.add('"' + what + "\": " + part);
  }

  private void selected(GXDLMSProfileGeneric profile, byte[][] frames) throws Exception {
    session.client.updateValue(profile, 2, session.request(frames).getValue());
  }

  private static java.util.Date date(String iso) {
    return java.util.Date.from(LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC));
  }

  private static String rows(GXDLMSProfileGeneric profile) {
    StringJoiner rows = new StringJoiner(", ", "[", "]");
    for (Object row : profile.getBuffer()) {
      Object[] cells = row instanceof List<?> list ? list.toArray() : (Object[]) row;
      rows.add("[\"" + stamp(cells[0]) + "\", " + ((Number) cells[1]).longValue() + ']');
    }
    return rows.toString();
  }

  private void write(String what, byte[] text) throws Exception {
    GXDLMSData data = (GXDLMSData) found(new GXDLMSData(options.text("--text", "0.0.96.1.5.255")));
    data.setDataType(2, DataType.OCTET_STRING);
    data.setValue(text);
    session.request(session.client.write(data, 2));
    Object back = session.request(session.client.read(data, 2)).getValue();
    out.add('"' + what + "\": " + Arrays.equals(text, (byte[]) back));
    data.setValue("interop".getBytes());
    session.request(session.client.write(data, 2));
  }

  /** The first block of an image: one ACTION that is short and one that needs blocks; then how many blocks are there. */
  private void image() {
    GXDLMSImageTransfer image =
        (GXDLMSImageTransfer) found(new GXDLMSImageTransfer(options.text("--image", "")));
    int[] octets = new int[1];
    step("action", () -> {
      session.read(image, 2);
      octets[0] = (int) image.getImageBlockSize();
      GXByteBuffer parameters = new GXByteBuffer();
      parameters.set(HexFormat.of().parseHex("02020907696E7465726F7006")); // structure: "interop", size
      parameters.setUInt32(2L * octets[0]);
      session.request(session.client.method(image, 1, parameters.array(), DataType.STRUCTURE));
      out.add("\"action\": true");
    });
    step("action_blocks", () -> {
      for (int block = 0; block < 2; block++) {
        GXByteBuffer parameters = new GXByteBuffer();
        parameters.set(HexFormat.of().parseHex("020206")); // structure: block number, octets
        parameters.setUInt32(block);
        parameters.setUInt8(0x09);
        parameters.setUInt8(0x82); // a length of two octets
        parameters.setUInt16(octets[0]);
        parameters.set(longText(octets[0]));
        session.request(session.client.method(image, 2, parameters.array(), DataType.STRUCTURE));
      }
      session.read(image, 3);
      out.add("\"action_blocks\": " + image.getImageTransferredBlocksStatus().startsWith("11"));
    });
  }

  private void access() throws Exception {
    GXDLMSRegister energy = new GXDLMSRegister("1.0.1.8.0.255");
    List<GXDLMSAccessItem> items =
        List.of(
            new GXDLMSAccessItem(AccessServiceCommandType.GET, energy, 3),
            new GXDLMSAccessItem(AccessServiceCommandType.GET, energy, 2));
    GXReplyData reply = session.request(session.client.accessRequest(new java.util.Date(0), items));
    session.client.parseAccessResponse(items, reply.getData());
    for (GXDLMSAccessItem item : items) {
      if (item.getError() != gurux.dlms.enums.ErrorCode.OK) throw new Exception("access: " + item.getError());
    }
    Object raw = items.get(1).getValue();
    out.add("\"access\": " + registerText(energy, raw instanceof Number ? raw : energy.getValue()));
  }

  private void keyTransfer() throws Exception {
    GXDLMSSecuritySetup setup = new GXDLMSSecuritySetup(options.text("--security-setup", "0.0.43.0.0.255"));
    byte[] key = options.secret("--new-key");
    session.request(
        setup.globalKeyTransfer(
            session.client,
            options.secret("--master-key"),
            List.of(new gurux.dlms.GXSimpleEntry<>(GlobalKeyType.UNICAST_ENCRYPTION, key))));
    // The open association keeps its key.
    session.read(new GXDLMSClock("0.0.1.0.0.255"), 2);
    out.add("\"key_transfer\": true");
  }

  private void rate() throws Exception {
    int repeat = options.number("--repeat", 0);
    GXDLMSRegister energy = new GXDLMSRegister("1.0.1.8.0.255");
    for (int i = 0; i < repeat; i++) session.request(session.client.read(energy, 2));
    long start = System.nanoTime();
    for (int i = 0; i < repeat; i++) session.request(session.client.read(energy, 2));
    out.add("\"gets_per_second\": " + Math.round(repeat * 1e9 / (System.nanoTime() - start)));
  }
}

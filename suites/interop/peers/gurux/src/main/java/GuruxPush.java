import gurux.dlms.GXByteBuffer;
import gurux.dlms.GXReplyData;
import gurux.dlms.enums.Conformance;
import gurux.dlms.enums.DataType;
import gurux.dlms.enums.InterfaceType;
import gurux.dlms.enums.Security;
import gurux.dlms.objects.enums.SecuritySuite;
import gurux.dlms.secure.GXCiphering;
import gurux.dlms.secure.GXDLMSSecureClient;
import gurux.dlms.secure.GXDLMSSecureNotify;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;

/** Data-notification with Gurux.DLMS for Java: sent to a listener, or listened for. */
final class GuruxPush {
  private GuruxPush() {}

  static void run(PeerOptions options, StringJoiner out) throws Exception {
    if (options.has("--push")) send(options, out);
    else listen(options, out);
  }

  private static InterfaceType framing(PeerOptions options) {
    return options.text("--framing", "wrapper").equals("hdlc")
        ? InterfaceType.HDLC
        : InterfaceType.WRAPPER;
  }

  private static void cipher(PeerOptions options, GXCiphering cipher, boolean sender) throws Exception {
    if (options.text("--form", "plain").equals("plain")) return;
    cipher.setSecuritySuite(SecuritySuite.forValue(options.number("--suite", 0)));
    cipher.setSystemTitle(
        HexFormat.of().parseHex(sender ? "4D50520000000001" : "4D50524330303031"));
    cipher.setBlockCipherKey(options.secret("--encryption-key"));
    cipher.setAuthenticationKey(options.secret("--authentication-key"));
    cipher.setInvocationCounter(options.number("--invocation-counter", 1));
    cipher.setSecurity(Security.AUTHENTICATION_ENCRYPTION);
  }

  private static void send(PeerOptions options, StringJoiner out) throws Exception {
    GXDLMSSecureNotify notify =
        new GXDLMSSecureNotify(
            true,
            options.number("--client", 1),
            options.number("--server", 1),
            framing(options));
    notify.setMaxReceivePDUSize(options.number("--max-pdu", 1024));
    cipher(options, notify.getCiphering(), true);
    if (options.has("--gbt")) notify.getConformance().add(Conformance.GENERAL_BLOCK_TRANSFER);
    if (!options.text("--form", "plain").equals("plain")) notify.getConformance().add(Conformance.GENERAL_PROTECTION);
    GXByteBuffer body = new GXByteBuffer();
    body.setUInt8(2); // structure of three
    body.setUInt8(3);
    notify.addData("MPRINTEROP000001".getBytes(), DataType.OCTET_STRING, body);
    notify.addData(123456789L, DataType.UINT32, body);
    byte[] text = new byte[options.number("--text-octets", 8)];
    Arrays.fill(text, (byte) 'p');
    notify.addData(text, DataType.OCTET_STRING, body);
    String[] endpoint = options.text("--push", "").replace("tcp://", "").split(":");
    StringJoiner octets = new StringJoiner("\", \"", "[\"", "\"]");
    try (Socket socket = new Socket(endpoint[0], Integer.parseInt(endpoint[1]))) {
      for (byte[] message : notify.generateDataNotificationMessages(null, body)) {
        octets.add(HexFormat.of().formatHex(message));
        socket.getOutputStream().write(message);
      }
      // Until the listener has read it all and closes.
      socket.setSoTimeout(5000);
      socket.shutdownOutput();
      socket.getInputStream().read();
    } catch (java.net.SocketTimeoutException noAnswer) {
      // A listener need not close.
    }
    out.add("\"sent\": true");
    out.add("\"octets\": " + octets);
  }

  private static void listen(PeerOptions options, StringJoiner out) throws Exception {
    GXDLMSSecureClient client =
        new GXDLMSSecureClient(
            true, 1, 1, gurux.dlms.enums.Authentication.NONE, null, framing(options));
    cipher(options, client.getCiphering(), false);
    try (ServerSocket listener =
        new ServerSocket(options.number("--listen", 0), 1, InetAddress.getByName("127.0.0.1"))) {
      listener.setSoTimeout(1000 * options.number("--timeout", 10));
      try (Socket socket = listener.accept()) {
        socket.setSoTimeout(1000 * options.number("--timeout", 10));
        InputStream in = socket.getInputStream();
        GXByteBuffer received = new GXByteBuffer();
        GXReplyData reply = new GXReplyData();
        GXReplyData notification = new GXReplyData();
        byte[] buffer = new byte[65536];
        while (true) {
          int n = in.read(buffer);
          if (n <= 0) throw new java.io.EOFException("closed before a notification was whole");
          received.set(Arrays.copyOf(buffer, n));
          client.getData(received, reply, notification);
          if (notification.isComplete() && !notification.isMoreData()) break;
        }
        List<?> fields = (List<?>) notification.getValue();
        out.add("\"fields\": " + fields.size());
        out.add("\"name\": " + PeerOptions.quoted(new String((byte[]) fields.get(0))));
        out.add("\"energy\": " + ((Number) fields.get(1)).longValue());
        if (fields.size() > 2) out.add("\"text_octets\": " + ((byte[]) fields.get(2)).length);
        out.add("\"ciphered\": " + (notification.getCipheredCommand() != 0));
      }
    }
  }
}

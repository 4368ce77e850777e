import gurux.dlms.GXByteBuffer;
import gurux.dlms.GXDLMSClient;
import gurux.dlms.GXDLMSException;
import gurux.dlms.GXReplyData;
import gurux.dlms.enums.Authentication;
import gurux.dlms.enums.Conformance;
import gurux.dlms.enums.InterfaceType;
import gurux.dlms.enums.Security;
import gurux.dlms.enums.Signing;
import gurux.dlms.objects.GXDLMSObject;
import gurux.dlms.objects.enums.SecuritySuite;
import gurux.dlms.secure.GXDLMSSecureClient;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.TimeZone;

/** A DLMS client made of Gurux.DLMS for Java: one session, over the wrapper or HDLC. What it reads is in GuruxReader. */
final class GuruxClient implements AutoCloseable {
  final GXDLMSSecureClient client;
  private final PeerOptions options;
  private final Socket socket;
  private final boolean hdlc;

  public static void main(String[] arguments) throws Exception {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    PeerOptions.serve(
        arguments,
        (options, out) -> {
          if (options.has("--listen") || options.has("--push")) GuruxPush.run(options, out);
          else GuruxReader.run(options, out);
        });
  }

  GuruxClient(PeerOptions options) throws Exception {
    this.options = options;
    hdlc = options.text("--framing", "wrapper").equals("hdlc");
    int server = options.number("--server", 1);
    client =
        new GXDLMSSecureClient(
            !options.has("--sn"),
            options.number("--client", 16),
            hdlc ? GXDLMSClient.getServerAddress(server, options.number("--physical", 17)) : server,
            authentication(options.text("--auth", "none")),
            null,
            hdlc ? InterfaceType.HDLC : InterfaceType.WRAPPER);
    if (options.has("--password")) client.setPassword(options.secret("--password"));
    client.setMaxReceivePDUSize(options.number("--max-pdu", 1024));
    client.getHdlcSettings().setMaxInfoRX(options.number("--max-info", 126));
    client.getHdlcSettings().setMaxInfoTX(options.number("--max-info", 126));
    Set<Conformance> proposed = client.getProposedConformance();
    if (options.has("--gbt")) {
      proposed.add(Conformance.GENERAL_BLOCK_TRANSFER);
      client.setGbtWindowSize((byte) options.number("--gbt", 1));
    }
    if (options.has("--access")) proposed.add(Conformance.ACCESS);
    cipher();
    String[] endpoint = options.text("--link", "").replace("tcp://", "").split(":");
    socket = new Socket(endpoint[0], Integer.parseInt(endpoint[1]));
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(1000 * options.number("--timeout", 10));
  }

  private static Authentication authentication(String name) {
    return switch (name) {
      case "none" -> Authentication.NONE;
      case "lls" -> Authentication.LOW;
      case "hls_md5" -> Authentication.HIGH_MD5;
      case "hls_sha1" -> Authentication.HIGH_SHA1;
      case "hls_gmac" -> Authentication.HIGH_GMAC;
      case "hls_sha256" -> Authentication.HIGH_SHA256;
      case "hls_ecdsa" -> Authentication.HIGH_ECDSA;
      default -> throw new IllegalArgumentException(name);
    };
  }

  private void cipher() throws Exception {
    var cipher = client.getCiphering();
    cipher.setSystemTitle(HexFormat.of().parseHex(options.text("--system-title", "4D50524330303031")));
    String form = options.text("--form", "plain");
    int suite = options.number("--suite", 0);
    cipher.setSecuritySuite(SecuritySuite.forValue(suite));
    if (options.has("--keys")) {
      Path folder = Path.of(options.text("--keys", ""));
      int bits = suite == 2 ? 384 : 256;
      cipher.setSigningKeyPair(CurveKeys.pair(folder, "client", "server", "sign", bits));
      cipher.setKeyAgreementKeyPair(CurveKeys.pair(folder, "client", "server", "agree", bits));
    }
    if (form.equals("plain")) return;
    cipher.setSecurity(Security.AUTHENTICATION_ENCRYPTION);
    cipher.setBlockCipherKey(options.secret("--encryption-key"));
    cipher.setAuthenticationKey(options.secret("--authentication-key"));
    cipher.setInvocationCounter(options.number("--invocation-counter", 1));
    Set<Conformance> proposed = client.getProposedConformance();
    proposed.remove(Conformance.GENERAL_PROTECTION);
    if (form.startsWith("general")) proposed.add(Conformance.GENERAL_PROTECTION);
    if (form.endsWith("ded")) {
      byte[] key = new byte[options.secret("--encryption-key").length];
      Arrays.fill(key, (byte) 0x5D);
      cipher.setDedicatedKey(key);
    }
    switch (form) {
      case "general-ciphering-one-pass" -> cipher.setSigning(Signing.ONE_PASS_DIFFIE_HELLMAN);
      case "general-ciphering-static" -> cipher.setSigning(Signing.STATIC_UNIFIED_MODEL);
      case "general-signing" -> cipher.setSigning(Signing.GENERAL_SIGNING);
      default -> {}
    }
    if (form.startsWith("general-ciphering") || form.equals("general-signing"))
      client.setServerSystemTitle(HexFormat.of().parseHex("4D50520000000001"));
    // Without it the HLS token and the APDU around it have the same invocation counter, which a careful meter refuses.
    client.setIncreaseInvocationCounterForGMacAuthentication(true);
    client.setUseProtectedRelease(options.has("--protected-release"));
  }

  private void frame(byte[] data, GXReplyData reply) throws Exception {
    if (options.has("--trace") && data != null) System.err.println("> " + HexFormat.of().formatHex(data));
    if (data != null) socket.getOutputStream().write(data);
    GXByteBuffer received = new GXByteBuffer();
    GXReplyData notify = new GXReplyData();
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[65536];
    do {
      int n = in.read(buffer);
      if (n <= 0) throw new java.io.EOFException("the meter closed the connection");
      if (options.has("--trace")) System.err.println("< " + HexFormat.of().formatHex(buffer, 0, n));
      received.set(Arrays.copyOf(buffer, n));
    } while (!client.getData(received, reply, notify));
    if (reply.getError() != 0) throw new GXDLMSException(reply.getError());
  }

  GXReplyData request(byte[]... frames) throws Exception {
    GXReplyData reply = new GXReplyData();
    for (byte[] data : frames) {
      reply.clear();
      frame(data, reply);
      while (reply.isMoreData()) {
        frame(reply.isStreaming() ? null : client.receiverReady(reply), reply);
      }
    }
    return reply;
  }

  void associate() throws Exception {
    if (hdlc) client.parseUAResponse(request(client.snrmRequest()).getData());
    client.parseAareResponse(request(client.aarqRequest()).getData());
    // Not getIsAuthenticationRequired(): jDLMS forgets to say so in its AARE.
    if (options.text("--auth", "none").startsWith("hls")) {
      client.parseApplicationAssociationResponse(
          request(client.getApplicationAssociationRequest()).getData());
    }
    if (options.has("--sn")) {
      client.parseObjects(request(client.getObjectsRequest()).getData(), true);
    }
  }

  Object read(GXDLMSObject object, int attribute) throws Exception {
    GXReplyData reply = request(client.read(object, attribute));
    return client.updateValue(object, attribute, reply.getValue());
  }

  /** An object by its logical name; with short names with the base name of the meter's list. */
  GXDLMSObject object(GXDLMSObject named) {
    if (!options.has("--sn")) return named;
    GXDLMSObject found =
        client.getObjects().findByLN(named.getObjectType(), named.getLogicalName());
    if (found == null) throw new IllegalStateException("no short name of " + named.getLogicalName());
    named.setShortName(found.getShortName());
    return named;
  }

  void release() throws Exception {
    request(client.releaseRequest());
    if (hdlc) request(client.disconnectRequest(true));
  }

  @Override
  public void close() throws Exception {
    socket.close();
  }
}

import gurux.dlms.objects.GXDLMSAssociationShortName;
import gurux.dlms.objects.GXDLMSHdlcSetup;
import gurux.dlms.objects.GXDLMSTcpUdpSetup;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TimeZone;

/**
 * Usage: GuruxServer KEYS [MODE ...], KEYS the folder of the curve keys. Serves the peer meter of
 * suites/interop/peer_meter.md in each mode (wrapper, hdlc, each also with sn- for short names or gbt- for
 * general-block-transfer in front; all of them when none is given) on a free
 * port of its own, prints "READY mode=port ..." and ends when standard input ends. One meter state per connection.
 */
public final class GuruxServer {
  private static Path keys;

  public static void main(String[] arguments) throws Exception {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    keys = Path.of(arguments[0]);
    String[] modes =
        arguments.length > 1
            ? Arrays.copyOfRange(arguments, 1, arguments.length)
            : new String[] {"wrapper", "hdlc", "sn-wrapper", "sn-hdlc", "gbt-wrapper", "gbt-hdlc"};
    StringBuilder ready = new StringBuilder("READY");
    for (String mode : modes) {
      ServerSocket listener = new ServerSocket(0, 16, InetAddress.getByName("127.0.0.1"));
      Thread acceptor = new Thread(() -> accept(listener, mode), "accept " + mode);
      acceptor.setDaemon(true);
      acceptor.start();
      ready.append(' ').append(mode).append('=').append(listener.getLocalPort());
    }
    System.out.println(ready);
    while (System.in.read() >= 0) {}
    System.exit(0);
  }

  private static void accept(ServerSocket listener, String mode) {
    while (true) {
      try {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        Thread thread = new Thread(() -> serve(socket, mode), "connection");
        thread.setDaemon(true);
        thread.start();
      } catch (java.io.IOException ended) {
        return;
      }
    }
  }

  private static GuruxMeter meter(String mode) throws Exception {
    GXDLMSAssociationShortName shortNames =
        mode.startsWith("sn-") ? new GXDLMSAssociationShortName() : null;
    GuruxMeter meter;
    if (mode.endsWith("hdlc")) {
      GXDLMSHdlcSetup hdlc = new GXDLMSHdlcSetup();
      hdlc.setMaximumInfoLengthReceive(128);
      hdlc.setMaximumInfoLengthTransmit(128);
      hdlc.setDeviceAddress(17);
      meter = shortNames == null ? new GuruxMeter(hdlc) : new GuruxMeter(shortNames, hdlc);
    } else {
      GXDLMSTcpUdpSetup wrapper = new GXDLMSTcpUdpSetup();
      meter = shortNames == null ? new GuruxMeter(wrapper) : new GuruxMeter(shortNames, wrapper);
    }
    meter.populate(keys, mode.startsWith("gbt-"));
    return meter;
  }

  private static void serve(Socket socket, String mode) {
    try (socket) {
      GuruxMeter meter = meter(mode);
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[65536];
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        gurux.dlms.GXServerReply reply = new gurux.dlms.GXServerReply(Arrays.copyOf(buffer, n));
        do {
          meter.handleRequest(reply);
          if (reply.getReply() != null && reply.getReply().length != 0) {
            socket.getOutputStream().write(reply.getReply());
          }
          reply.setData(null);
        } while (reply.isStreaming());
      }
    } catch (Exception failure) {
      System.err.println("gurux server: " + failure);
      if (System.getenv("PEER_TRACE") != null) failure.printStackTrace();
    }
  }
}

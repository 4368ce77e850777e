import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.openmuc.jdlms.DataDirectory;
import org.openmuc.jdlms.DlmsServer;
import org.openmuc.jdlms.ServerBuilder;
import org.openmuc.jdlms.internal.association.Association;
import org.openmuc.jdlms.internal.transportlayer.server.ServerTcpLayer;
import org.openmuc.jdlms.sessionlayer.server.ServerSessionLayerFactories;
import org.openmuc.jdlms.sessionlayer.server.ServerSessionLayerFactory;
import org.openmuc.jdlms.settings.server.ServerSettings;
import org.openmuc.jdlms.transportlayer.StreamAccessor;
import org.openmuc.jdlms.transportlayer.server.ServerTransportLayer;

/**
 * Usage: JdlmsServer MODE ... (wrapper, hdlc). Prints "READY mode=port ..." and ends when standard input ends. jDLMS' own
 * TCP layer listens on every address of the host; this one listens on loopback only.
 */
public final class JdlmsServer {
  public static void main(String[] arguments) throws Exception {
    StringBuilder ready = new StringBuilder("READY");
    for (String mode : arguments) {
      ServerSocket listener = new ServerSocket(0, 16, InetAddress.getByName("127.0.0.1"));
      LoopbackBuilder builder =
          new LoopbackBuilder(
              listener,
              mode.equals("hdlc")
                  ? ServerSessionLayerFactories.newHdlcSessionLayerFactory()
                  : ServerSessionLayerFactories.newWrapperSessionLayerFactory());
      builder.registerLogicalDevice(PeerMeter.logicalDevice());
      builder.setResponseTimeout(10_000);
      builder.build();
      ready.append(' ').append(mode).append('=').append(listener.getLocalPort());
    }
    System.out.println(ready);
    while (System.in.read() >= 0) {}
    System.exit(0);
  }

  private static final class LoopbackBuilder extends ServerBuilder<LoopbackBuilder> {
    private static final class Settings extends ServerSettingsImpl {}

    private final ServerSocket listener;
    private final ServerSessionLayerFactory sessions;

    LoopbackBuilder(ServerSocket listener, ServerSessionLayerFactory sessions) {
      this.listener = listener;
      this.sessions = sessions;
    }

    @Override
    public DlmsServer build() throws IOException {
      DataDirectory directory = parseLogicalDevices();
      Settings settings = new Settings();
      setPropertiesTo(settings);
      return newServer(new Loopback(directory, settings));
    }

    private final class Loopback implements ServerTransportLayer {
      private final DataDirectory directory;
      private final ServerSettings settings;

      Loopback(DataDirectory directory, ServerSettings settings) {
        this.directory = directory;
        this.settings = settings;
      }

      @Override
      public void start() {
        Thread thread = new Thread(this::serve, "accept");
        thread.setDaemon(true);
        thread.start();
      }

      private void serve() {
        for (long connection = 1; ; connection++) {
          try {
            Socket socket = listener.accept();
            socket.setTcpNoDelay(true);
            Association association =
                new Association(
                    directory,
                    sessions.newSesssionLayer(new Stream(socket), settings),
                    connection,
                    settings,
                    new ServerTcpLayer.TcpServerConnectionInformation(socket.getInetAddress()));
            Thread thread = new Thread(association, "association-" + connection);
            thread.setDaemon(true);
            thread.start();
          } catch (IOException ended) {
            return;
          }
        }
      }

      @Override
      public void close() throws IOException {
        listener.close();
      }
    }
  }

  private static final class Stream implements StreamAccessor {
    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    Stream(Socket socket) throws IOException {
      this.socket = socket;
      in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
      out = new DataOutputStream(socket.getOutputStream());
    }

    @Override
    public void setTimeout(int milliseconds) throws IOException {
      socket.setSoTimeout(milliseconds);
    }

    @Override
    public DataInputStream getInputStream() {
      return in;
    }

    @Override
    public DataOutputStream getOutpuStream() {
      return out;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}

import gurux.dlms.GXDateTime;
import gurux.dlms.GXDLMSConnectionEventArgs;
import gurux.dlms.ValueEventArgs;
import gurux.dlms.enums.AccessMode;
import gurux.dlms.enums.Authentication;
import gurux.dlms.enums.DataType;
import gurux.dlms.enums.InterfaceType;
import gurux.dlms.enums.MethodAccessMode;
import gurux.dlms.enums.ObjectType;
import gurux.dlms.enums.SourceDiagnostic;
import gurux.dlms.objects.GXDLMSAssociationLogicalName;
import gurux.dlms.objects.GXDLMSClock;
import gurux.dlms.objects.GXDLMSData;
import gurux.dlms.objects.GXDLMSHdlcSetup;
import gurux.dlms.objects.GXDLMSObject;
import gurux.dlms.objects.GXDLMSProfileGeneric;
import gurux.dlms.objects.GXDLMSRegister;
import gurux.dlms.objects.GXDLMSSecuritySetup;
import gurux.dlms.objects.GXDLMSTcpUdpSetup;
import gurux.dlms.objects.enums.ApplicationContextName;
import gurux.dlms.objects.enums.SecurityPolicy;
import gurux.dlms.objects.enums.SortMethod;
import gurux.dlms.secure.GXDLMSSecureServer2;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Calendar;
import java.util.EnumSet;
import java.util.GregorianCalendar;
import java.util.TimeZone;

/**
 * Usage: GuruxServer wrapper|hdlc PORT (0: any free one). Prints "READY port" and ends when standard input ends. The peer
 * meter of suites/interop/peer_meter.md; one meter state per connection.
 */
public final class GuruxServer extends GXDLMSSecureServer2 {
  private static final int ROWS = 960;
  private static final LocalDateTime FIRST_ROW = LocalDateTime.of(2025, 6, 1, 0, 0, 0);

  private GXDLMSAssociationLogicalName current;

  public static void main(String[] arguments) throws Exception {
    TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
    boolean hdlc = arguments[0].equals("hdlc");
    ServerSocket listener =
        new ServerSocket(Integer.parseInt(arguments[1]), 16, InetAddress.getByName("127.0.0.1"));
    Thread acceptor = new Thread(() -> accept(listener, hdlc), "accept");
    acceptor.setDaemon(true);
    acceptor.start();
    System.out.println("READY " + listener.getLocalPort());
    while (System.in.read() >= 0) {}
    System.exit(0);
  }

  private static void accept(ServerSocket listener, boolean hdlc) {
    while (true) {
      try {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        Thread thread = new Thread(() -> serve(socket, hdlc), "connection");
        thread.setDaemon(true);
        thread.start();
      } catch (java.io.IOException ended) {
        return;
      }
    }
  }

  private static void serve(Socket socket, boolean hdlc) {
    try (socket) {
      GuruxServer meter =
          hdlc
              ? new GuruxServer(new GXDLMSHdlcSetup())
              : new GuruxServer(new GXDLMSTcpUdpSetup());
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[65536];
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        byte[] reply = meter.handleRequest(Arrays.copyOf(buffer, n));
        if (reply != null && reply.length != 0) socket.getOutputStream().write(reply);
      }
    } catch (Exception failure) {
      System.err.println("gurux server: " + failure);
    }
  }

  private GuruxServer(GXDLMSHdlcSetup hdlc) {
    super((GXDLMSAssociationLogicalName) null, hdlc);
    hdlc.setMaximumInfoLengthReceive(128);
    hdlc.setMaximumInfoLengthTransmit(128);
    hdlc.setDeviceAddress(17);
    populate();
  }

  private GuruxServer(GXDLMSTcpUdpSetup wrapper) {
    super((GXDLMSAssociationLogicalName) null, wrapper);
    populate();
  }

  private void populate() {
    getItems().removeIf(java.util.Objects::isNull);
    GXDLMSSecuritySetup security = new GXDLMSSecuritySetup("0.0.43.0.0.255");
    security.setGuek(key(0x00));
    security.setGak(key(0xD0));
    security.setServerSystemTitle(new byte[] {'M', 'P', 'R', 0, 0, 0, 0, 1});
    security.setSecurityPolicy(EnumSet.of(SecurityPolicy.AUTHENTICATED, SecurityPolicy.ENCRYPTED));
    getItems().add(security);

    GXDLMSData name = new GXDLMSData("0.0.42.0.0.255");
    name.setValue("MPRINTEROP000001".getBytes());
    name.setDataType(2, DataType.OCTET_STRING);
    getItems().add(name);

    GXDLMSData text = new GXDLMSData("0.0.96.1.5.255");
    text.setValue("interop".getBytes());
    text.setDataType(2, DataType.OCTET_STRING);
    getItems().add(text);

    GXDLMSClock clock = new GXDLMSClock("0.0.1.0.0.255");
    clock.setTimeZone(0);
    clock.setTime(at(LocalDateTime.of(2025, 6, 15, 12, 34, 56)));
    getItems().add(clock);

    GXDLMSRegister energy = register("1.0.1.8.0.255", 123456789L, DataType.UINT32, 0.1, 30);
    register("1.0.2.8.0.255", 4242L, DataType.UINT32, 1, 30);
    register("1.0.32.7.0.255", 2301L, DataType.UINT16, 0.1, 35);

    GXDLMSProfileGeneric profile = new GXDLMSProfileGeneric("1.0.99.1.0.255");
    profile.setSortMethod(SortMethod.FIFO);
    profile.setSortObject(clock);
    profile.setSortObjectAttributeIndex(2);
    profile.addCaptureObject(clock, 2, 0);
    profile.addCaptureObject(energy, 2, 0);
    for (int i = 0; i < ROWS; i++) {
      profile.addRow(new Object[] {at(FIRST_ROW.plusMinutes(15L * i)), 100000L + 25L * i});
    }
    profile.setEntriesInUse(ROWS);
    profile.setProfileEntries(ROWS);
    getItems().add(profile);

    associate("0.0.40.0.1.255", 16, Authentication.NONE);
    associate("0.0.40.0.2.255", 32, Authentication.LOW).setSecret("Interop1".getBytes());
    GXDLMSAssociationLogicalName management = associate("0.0.40.0.3.255", 1, Authentication.HIGH_GMAC);
    management.setSecuritySetupReference("0.0.43.0.0.255");
    management
        .getApplicationContextName()
        .setContextId(ApplicationContextName.LOGICAL_NAME_WITH_CIPHERING);
    initialize();
    // After initialize(): it would start a thread that captures rows on its own.
    profile.setCapturePeriod(900);
  }

  private GXDLMSRegister register(
      String logicalName, long value, DataType type, double scaler, int unit) {
    GXDLMSRegister register = new GXDLMSRegister(logicalName);
    register.setScaler(scaler);
    register.setUnit(gurux.dlms.enums.Unit.forValue(unit));
    register.setDataType(2, type);
    register.setValue(value);
    getItems().add(register);
    return register;
  }

  private GXDLMSAssociationLogicalName associate(
      String logicalName, int client, Authentication authentication) {
    GXDLMSAssociationLogicalName association = new GXDLMSAssociationLogicalName(logicalName);
    association.setClientSAP(client);
    association.getAuthenticationMechanismName().setMechanismId(authentication);
    association.getXDLMSContextInfo().setMaxReceivePduSize(1024);
    association.getXDLMSContextInfo().setMaxSendPduSize(1024);
    getItems().add(association);
    return association;
  }

  private static byte[] key(int first) {
    byte[] key = new byte[16];
    for (int i = 0; i < key.length; i++) key[i] = (byte) (first + i);
    return key;
  }

  private static GXDateTime at(LocalDateTime t) {
    Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
    calendar.setTimeInMillis(t.toInstant(ZoneOffset.UTC).toEpochMilli());
    return new GXDateTime(calendar);
  }

  @Override
  protected boolean isTarget(int server, int client) {
    current = null;
    for (GXDLMSObject it : getItems().getObjects(ObjectType.ASSOCIATION_LOGICAL_NAME)) {
      GXDLMSAssociationLogicalName association = (GXDLMSAssociationLogicalName) it;
      if (association.getClientSAP() == client) current = association;
    }
    setAssignedAssociation(current);
    return current != null;
  }

  @Override
  protected SourceDiagnostic onValidateAuthentication(Authentication authentication, byte[] secret) {
    if (authentication == Authentication.LOW && !Arrays.equals(secret, current.getSecret())) {
      return SourceDiagnostic.AUTHENTICATION_FAILURE;
    }
    return SourceDiagnostic.NONE;
  }

  @Override
  protected GXDLMSObject onFindObject(ObjectType type, int shortName, String logicalName) {
    if (type == ObjectType.ASSOCIATION_LOGICAL_NAME && "0.0.40.0.0.255".equals(logicalName)) {
      return current;
    }
    return null;
  }

  @Override
  public void onPreRead(ValueEventArgs[] arguments) {
    for (ValueEventArgs e : arguments) {
      if (e.getTarget() instanceof GXDLMSClock && e.getIndex() == 2) {
        e.setValue(at(LocalDateTime.of(2025, 6, 15, 12, 34, 56)));
      }
    }
  }

  @Override
  protected AccessMode onGetAttributeAccess(ValueEventArgs e) {
    boolean writable =
        e.getTarget() instanceof GXDLMSData
            && "0.0.96.1.5.255".equals(e.getTarget().getLogicalName())
            && e.getIndex() == 2;
    return writable ? AccessMode.READ_WRITE : AccessMode.READ;
  }

  @Override
  protected MethodAccessMode onGetMethodAccess(ValueEventArgs e) {
    return MethodAccessMode.ACCESS;
  }

  @Override
  public void onPreGet(ValueEventArgs[] arguments) {}

  @Override
  public void onPostGet(ValueEventArgs[] arguments) {}

  @Override
  public void onPostRead(ValueEventArgs[] arguments) {}

  @Override
  protected void onPreWrite(ValueEventArgs[] arguments) {}

  @Override
  protected void onPostWrite(ValueEventArgs[] arguments) {}

  @Override
  protected void onConnected(GXDLMSConnectionEventArgs connection) {}

  @Override
  protected void onInvalidConnection(GXDLMSConnectionEventArgs connection) {}

  @Override
  protected void onDisconnected(GXDLMSConnectionEventArgs connection) {}

  @Override
  protected void onPreAction(ValueEventArgs[] arguments) {}

  @Override
  protected void onPostAction(ValueEventArgs[] arguments) {}
}

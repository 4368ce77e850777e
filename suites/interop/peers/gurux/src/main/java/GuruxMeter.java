import gurux.dlms.GXCryptoKeyParameter;
import gurux.dlms.GXDLMSConnectionEventArgs;
import gurux.dlms.GXDateTime;
import gurux.dlms.IGXCryptoNotifier;
import gurux.dlms.ValueEventArgs;
import gurux.dlms.enums.AccessMode;
import gurux.dlms.enums.Authentication;
import gurux.dlms.enums.Conformance;
import gurux.dlms.enums.CryptoKeyType;
import gurux.dlms.enums.DataType;
import gurux.dlms.enums.MethodAccessMode;
import gurux.dlms.enums.ObjectType;
import gurux.dlms.enums.SourceDiagnostic;
import gurux.dlms.objects.GXDLMSAssociationLogicalName;
import gurux.dlms.objects.GXDLMSAssociationShortName;
import gurux.dlms.objects.GXDLMSClock;
import gurux.dlms.objects.GXDLMSData;
import gurux.dlms.objects.GXDLMSHdlcSetup;
import gurux.dlms.objects.GXDLMSImageTransfer;
import gurux.dlms.objects.GXDLMSObject;
import gurux.dlms.objects.GXDLMSProfileGeneric;
import gurux.dlms.objects.GXDLMSRegister;
import gurux.dlms.objects.GXDLMSSecuritySetup;
import gurux.dlms.objects.GXDLMSTcpUdpSetup;
import gurux.dlms.objects.enums.ApplicationContextName;
import gurux.dlms.objects.enums.CertificateType;
import gurux.dlms.objects.enums.SecurityPolicy;
import gurux.dlms.objects.enums.SecuritySuite;
import gurux.dlms.objects.enums.SortMethod;
import gurux.dlms.secure.GXDLMSSecureServer2;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Calendar;
import java.util.EnumSet;
import java.util.GregorianCalendar;
import java.util.Set;
import java.util.TimeZone;

/** The peer meter of suites/interop/peer_meter.md, with logical or short names. */
final class GuruxMeter extends GXDLMSSecureServer2 implements IGXCryptoNotifier {
  private static final int ROWS = 960;
  private static final LocalDateTime FIRST_ROW = LocalDateTime.of(2025, 6, 1, 0, 0, 0);

  private GXDLMSAssociationLogicalName current;
  private Path keys;
  private boolean blocks;

  GuruxMeter(GXDLMSHdlcSetup hdlc) {
    super((GXDLMSAssociationLogicalName) null, hdlc);
  }

  GuruxMeter(GXDLMSTcpUdpSetup wrapper) {
    super((GXDLMSAssociationLogicalName) null, wrapper);
  }

  GuruxMeter(GXDLMSAssociationShortName shortNames, GXDLMSHdlcSetup hdlc) {
    super(shortNames, hdlc);
  }

  GuruxMeter(GXDLMSAssociationShortName shortNames, GXDLMSTcpUdpSetup wrapper) {
    super(shortNames, wrapper);
  }

  /** blocks: offers general-block-transfer; dlms-cosem proposes it and cannot read it. */
  void populate(Path keys, boolean blocks) throws Exception {
    this.keys = keys;
    this.blocks = blocks;
    setConformance(conformance());
    getItems().removeIf(java.util.Objects::isNull);
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

    GXDLMSImageTransfer image = new GXDLMSImageTransfer("0.0.44.0.0.255");
    image.setImageTransferEnabled(true);
    image.setImageBlockSize(2000);
    getItems().add(image);

    if (getUseLogicalNameReferencing()) associations();
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

  /** One client SAP for each mechanism and suite. */
  private void associations() throws Exception {
    plain(16, Authentication.NONE, null);
    plain(32, Authentication.LOW, "Interop1");
    plain(40, Authentication.HIGH_MD5, "InteropMd5Secret");
    plain(41, Authentication.HIGH_SHA1, "InteropSha1Secrt");
    plain(42, Authentication.HIGH_SHA256, "InteropSha256Sec");
    ciphered(1, Authentication.HIGH_GMAC, SecuritySuite.SUITE_0);
    ciphered(44, Authentication.HIGH_GMAC, SecuritySuite.SUITE_1);
    ciphered(45, Authentication.HIGH_GMAC, SecuritySuite.SUITE_2);
    ciphered(46, Authentication.HIGH_ECDSA, SecuritySuite.SUITE_1);
    ciphered(47, Authentication.HIGH_ECDSA, SecuritySuite.SUITE_2);
  }

  private Set<Conformance> conformance() {
    if (!getUseLogicalNameReferencing()) return gurux.dlms.GXDLMSClient.getInitialConformance(false);
    return EnumSet.of(
        Conformance.ACCESS,
        Conformance.ACTION,
        Conformance.GET,
        Conformance.SET,
        Conformance.MULTIPLE_REFERENCES,
        Conformance.SELECTIVE_ACCESS,
        Conformance.BLOCK_TRANSFER_WITH_ACTION,
        Conformance.BLOCK_TRANSFER_WITH_GET_OR_READ,
        Conformance.BLOCK_TRANSFER_WITH_SET_OR_WRITE,
        Conformance.GENERAL_PROTECTION,
        blocks ? Conformance.GENERAL_BLOCK_TRANSFER : Conformance.GET);
  }

  private GXDLMSAssociationLogicalName plain(int client, Authentication authentication, String secret) {
    GXDLMSAssociationLogicalName association =
        new GXDLMSAssociationLogicalName("0.0.40.0." + client + ".255");
    association.setClientSAP(client);
    association.getAuthenticationMechanismName().setMechanismId(authentication);
    association.getXDLMSContextInfo().setMaxReceivePduSize(1024);
    association.getXDLMSContextInfo().setMaxSendPduSize(1024);
    association.getXDLMSContextInfo().setConformance(conformance());
    if (secret != null) association.setSecret(secret.getBytes());
    getItems().add(association);
    return association;
  }

  private void ciphered(int client, Authentication authentication, SecuritySuite suite)
      throws Exception {
    GXDLMSAssociationLogicalName association = plain(client, authentication, null);
    int octets = suite == SecuritySuite.SUITE_2 ? 32 : 16;
    GXDLMSSecuritySetup security = new GXDLMSSecuritySetup("0.0.43.0." + client + ".255");
    security.setSecuritySuite(suite);
    security.setGuek(key(0x00, octets));
    security.setGak(key(0xD0, octets));
    security.setKek(key(0x40, octets));
    security.setServerSystemTitle(new byte[] {'M', 'P', 'R', 0, 0, 0, 0, 1});
    security.setClientSystemTitle("MPRC0001".getBytes());
    security.setSecurityPolicy(EnumSet.of(SecurityPolicy.AUTHENTICATED, SecurityPolicy.ENCRYPTED));
    if (suite != SecuritySuite.SUITE_0) {
      int bits = suite == SecuritySuite.SUITE_2 ? 384 : 256;
      security.signingKey = CurveKeys.pair(keys, "server", "client", "sign", bits);
      security.keyAgreement = CurveKeys.pair(keys, "server", "client", "agree", bits);
    }
    getItems().add(security);
    association.setSecuritySetupReference(security.getLogicalName());
    association
        .getApplicationContextName()
        .setContextId(ApplicationContextName.LOGICAL_NAME_WITH_CIPHERING);
  }

  private static byte[] key(int first, int octets) {
    byte[] key = new byte[octets];
    for (int i = 0; i < key.length; i++) key[i] = (byte) (first + i);
    return key;
  }

  private static GXDateTime at(LocalDateTime t) {
    Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
    calendar.setTimeInMillis(t.toInstant(ZoneOffset.UTC).toEpochMilli());
    return new GXDateTime(calendar);
  }

  /** The library asks here for keys that no object holds: the own private key and the client's public key. */
  @Override
  public void onKey(Object sender, GXCryptoKeyParameter wanted) {
    if (wanted.getKeyType() != CryptoKeyType.ECDSA) return;
    try {
      int bits = wanted.getSecuritySuite() == SecuritySuite.SUITE_2 ? 384 : 256;
      String use =
          wanted.getCertificateType() == CertificateType.KEY_AGREEMENT ? "agree" : "sign";
      wanted.setPrivateKey(CurveKeys.secret(keys, "server", use, bits));
      wanted.setPublicKey(CurveKeys.open(keys, "client", use, bits));
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void onCrypto(Object sender, GXCryptoKeyParameter wanted) {}

  @Override
  public void onPduEventHandler(Object sender, byte[] pdu) {}

  @Override
  protected boolean isTarget(int server, int client) {
    if (!getUseLogicalNameReferencing()) return client == 16 || client == 32;
    current = null;
    for (GXDLMSObject it : getItems().getObjects(ObjectType.ASSOCIATION_LOGICAL_NAME)) {
      GXDLMSAssociationLogicalName association = (GXDLMSAssociationLogicalName) it;
      if (association.getClientSAP() == client) current = association;
    }
    setAssignedAssociation(current);
    if (current != null && current.getSecuritySetupReference() != null) curveKeys();
    return current != null;
  }

  /** The key pairs of the association's security setup; the library does not take them from there itself. */
  private void curveKeys() {
    GXDLMSSecuritySetup security =
        (GXDLMSSecuritySetup)
            getItems().findByLN(ObjectType.SECURITY_SETUP, current.getSecuritySetupReference());
    getCiphering().setSigningKeyPair(security.signingKey);
    getCiphering().setKeyAgreementKeyPair(security.keyAgreement);
  }

  @Override
  protected SourceDiagnostic onValidateAuthentication(Authentication authentication, byte[] secret) {
    byte[] expected = current == null ? "Interop1".getBytes() : current.getSecret();
    if (authentication == Authentication.LOW && !Arrays.equals(secret, expected)) {
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

import static org.openmuc.jdlms.AttributeAccessMode.READ_AND_WRITE;
import static org.openmuc.jdlms.AttributeAccessMode.READ_ONLY;

import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.openmuc.jdlms.AccessResultCode;
import org.openmuc.jdlms.AuthenticationMechanism;
import org.openmuc.jdlms.CosemAttribute;
import org.openmuc.jdlms.CosemClass;
import org.openmuc.jdlms.CosemInterfaceObject;
import org.openmuc.jdlms.CosemMethod;
import org.openmuc.jdlms.IllegalAttributeAccessException;
import org.openmuc.jdlms.IllegalMethodAccessException;
import org.openmuc.jdlms.LogicalDevice;
import org.openmuc.jdlms.MethodResultCode;
import org.openmuc.jdlms.SecuritySuite;
import org.openmuc.jdlms.SelectiveAccessDescription;
import org.openmuc.jdlms.datatypes.BitString;
import org.openmuc.jdlms.datatypes.CosemDateTime;
import org.openmuc.jdlms.datatypes.DataObject.Type;
import org.openmuc.jdlms.datatypes.DataObject;

/** The peer meter of suites/interop/peer_meter.md as jDLMS objects. */
final class PeerMeter {
  static final int ROWS = 960;
  static final LocalDateTime FIRST_ROW = LocalDateTime.of(2025, 6, 1, 0, 0, 0);

  private PeerMeter() {}

  static LogicalDevice logicalDevice() {
    LogicalDevice device = new LogicalDevice(1, "MPRINTEROP000001", "MPR", 1);
    device.setMasterKey(new byte[16]);
    device.addRestriction(16, SecuritySuite.builder().build());
    device.addRestriction(
        32,
        SecuritySuite.builder()
            .setAuthenticationMechanism(AuthenticationMechanism.LOW)
            .setPassword("Interop1".getBytes())
            .build());
    device.addRestriction(
        1,
        SecuritySuite.builder()
            .setAuthenticationMechanism(AuthenticationMechanism.HLS5_GMAC)
            .setEncryptionMechanism(SecuritySuite.EncryptionMechanism.AES_GCM_128)
            .setGlobalUnicastEncryptionKey(key(0x00))
            .setAuthenticationKey(key(0xD0))
            .build());
    device.registerCosemObject(
        new Clock(),
        new Register("1.0.1.8.0.255", DataObject.newUInteger32Data(123456789), -1, 30),
        new Register("1.0.2.8.0.255", DataObject.newUInteger32Data(4242), 0, 30),
        new Register("1.0.32.7.0.255", DataObject.newUInteger16Data(2301), -1, 35),
        new Text(),
        new Image(),
        new Profile());
    return device;
  }

  private static byte[] key(int first) {
    byte[] key = new byte[16];
    for (int i = 0; i < key.length; i++) key[i] = (byte) (first + i);
    return key;
  }

  static DataObject time(LocalDateTime t) {
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

  @CosemClass(id = 8)
  public static class Clock extends CosemInterfaceObject {
    @CosemAttribute(id = 2, type = Type.OCTET_STRING, accessMode = READ_ONLY)
    private final DataObject d2 = time(LocalDateTime.of(2025, 6, 15, 12, 34, 56));

    @CosemAttribute(id = 3, type = Type.LONG_INTEGER, accessMode = READ_ONLY)
    private final DataObject d3 = DataObject.newInteger16Data((short) 0);

    Clock() {
      super("0.0.1.0.0.255");
    }
  }

  @CosemClass(id = 3)
  public static class Register extends CosemInterfaceObject {
    @CosemAttribute(id = 2, accessMode = READ_ONLY)
    private final DataObject d2;

    @CosemAttribute(id = 3, type = Type.STRUCTURE, accessMode = READ_ONLY)
    private final DataObject d3;

    Register(String logicalName, DataObject value, int scaler, int unit) {
      super(logicalName);
      d2 = value;
      d3 =
          DataObject.newStructureData(
              DataObject.newInteger8Data((byte) scaler), DataObject.newEnumerateData(unit));
    }
  }

  /** A writable text, for SET with and without block transfer. */
  @CosemClass(id = 1)
  public static class Text extends CosemInterfaceObject {
    @CosemAttribute(id = 2, type = Type.OCTET_STRING, accessMode = READ_AND_WRITE)
    private DataObject d2 = DataObject.newOctetStringData("interop".getBytes());

    Text() {
      super("0.0.96.1.5.255");
    }
  }

  /** An image transfer that only counts its blocks, for ACTION with and without block transfer. */
  @CosemClass(id = 18)
  public static class Image extends CosemInterfaceObject {
    @CosemAttribute(id = 2, type = Type.DOUBLE_LONG_UNSIGNED, accessMode = READ_ONLY)
    private final DataObject d2 = DataObject.newUInteger32Data(2000);

    @CosemAttribute(id = 3, type = Type.BIT_STRING, accessMode = READ_ONLY)
    private DataObject d3 = DataObject.newBitStringData(new BitString(new byte[] {0}, 2));

    Image() {
      super("0.0.44.0.0.255");
    }

    @CosemMethod(id = 1, consumes = Type.STRUCTURE)
    public void initiate(DataObject parameters) {
      d3 = DataObject.newBitStringData(new BitString(new byte[] {0}, 2));
    }

    @CosemMethod(id = 2, consumes = Type.STRUCTURE)
    public void transfer(DataObject parameters) throws IllegalMethodAccessException {
      List<DataObject> fields = parameters.getValue();
      byte[] block = fields.get(1).getValue();
      if (block.length != 2000) throw new IllegalMethodAccessException(MethodResultCode.OTHER_REASON);
      BitString before = d3.getValue();
      byte bits = (byte) (before.getBitString()[0] | 0x80 >> Profile.number(fields.get(0)));
      d3 = DataObject.newBitStringData(new BitString(new byte[] {bits}, 2));
    }
  }

  @CosemClass(id = 7, version = 1)
  public static class Profile extends CosemInterfaceObject {
    @CosemAttribute(
        id = 2,
        type = Type.ARRAY,
        accessMode = READ_ONLY,
        selector = {1, 2})
    private DataObject d2;

    @CosemAttribute(id = 3, type = Type.ARRAY, accessMode = READ_ONLY)
    private final DataObject d3 =
        DataObject.newArrayData(
            List.of(captured(8, 0, 0, 1, 0, 0, 255), captured(3, 1, 0, 1, 8, 0, 255)));

    @CosemAttribute(id = 4, type = Type.DOUBLE_LONG_UNSIGNED, accessMode = READ_ONLY)
    private final DataObject d4 = DataObject.newUInteger32Data(900);

    @CosemAttribute(id = 5, type = Type.ENUMERATE, accessMode = READ_ONLY)
    private final DataObject d5 = DataObject.newEnumerateData(1);

    @CosemAttribute(id = 6, type = Type.STRUCTURE, accessMode = READ_ONLY)
    private final DataObject d6 = captured(8, 0, 0, 1, 0, 0, 255);

    @CosemAttribute(id = 7, type = Type.DOUBLE_LONG_UNSIGNED, accessMode = READ_ONLY)
    private final DataObject d7 = DataObject.newUInteger32Data(ROWS);

    @CosemAttribute(id = 8, type = Type.DOUBLE_LONG_UNSIGNED, accessMode = READ_ONLY)
    private final DataObject d8 = DataObject.newUInteger32Data(ROWS);

    Profile() {
      super("1.0.99.1.0.255");
    }

    private static DataObject captured(int classId, int... logicalName) {
      byte[] name = new byte[6];
      for (int i = 0; i < 6; i++) name[i] = (byte) logicalName[i];
      return DataObject.newStructureData(
          DataObject.newUInteger16Data(classId),
          DataObject.newOctetStringData(name),
          DataObject.newInteger8Data((byte) 2),
          DataObject.newUInteger16Data(0));
    }

    public DataObject getD2(SelectiveAccessDescription access)
        throws IllegalAttributeAccessException {
      int first = 0;
      int last = ROWS - 1;
      if (access != null) {
        List<DataObject> parameter = access.getAccessParameter().getValue();
        if (access.getAccessSelector() == 1) {
          last = indexOf(parameter.get(2));
          first = indexOf(parameter.get(1));
        } else if (access.getAccessSelector() == 2) {
          first = number(parameter.get(0)) - 1;
          last = number(parameter.get(1)) == 0 ? ROWS - 1 : number(parameter.get(1)) - 1;
        } else {
          throw new IllegalAttributeAccessException(AccessResultCode.SCOPE_OF_ACCESS_VIOLATED);
        }
      }
      List<DataObject> rows = new ArrayList<>();
      for (int i = Math.max(first, 0); i <= Math.min(last, ROWS - 1); i++) {
        rows.add(
            DataObject.newStructureData(
                time(FIRST_ROW.plusMinutes(15L * i)),
                DataObject.newUInteger32Data(100000 + 25L * i)));
      }
      return DataObject.newArrayData(rows);
    }

    private static int number(DataObject value) {
      Number n = value.getValue();
      return n.intValue();
    }

    private static int indexOf(DataObject octets) {
      CosemDateTime t = CosemDateTime.decode((byte[]) octets.getValue());
      LocalDateTime local =
          LocalDateTime.of(
              t.get(org.openmuc.jdlms.datatypes.CosemDateFormat.Field.YEAR),
              t.get(org.openmuc.jdlms.datatypes.CosemDateFormat.Field.MONTH),
              t.get(org.openmuc.jdlms.datatypes.CosemDateFormat.Field.DAY_OF_MONTH),
              t.get(org.openmuc.jdlms.datatypes.CosemDateFormat.Field.HOUR),
              t.get(org.openmuc.jdlms.datatypes.CosemDateFormat.Field.MINUTE));
      return (int) (ChronoUnit.MINUTES.between(FIRST_ROW, local) / 15);
    }
  }
}

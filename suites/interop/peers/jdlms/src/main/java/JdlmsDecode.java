import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.openmuc.jdlms.datatypes.CosemDateTime;
import org.openmuc.jdlms.datatypes.DataObject;
import org.openmuc.jdlms.internal.DataConverter;
import org.openmuc.jdlms.internal.asn1.cosem.Data;

/** Usage: JdlmsDecode FILE SECONDS: decodes a profile buffer again and again, prints MB/s of its octets. */
public final class JdlmsDecode {
  public static void main(String[] arguments) throws Exception {
    byte[] octets = Files.readAllBytes(Path.of(arguments[0]));
    double seconds = Double.parseDouble(arguments[1]);
    measure(octets, seconds); // warms up
    System.out.printf("{\"mb_per_second\": %.2f}%n", measure(octets, seconds));
  }

  private static double measure(byte[] octets, double seconds) throws Exception {
    long start = System.nanoTime();
    long passes = 0;
    long sum = 0;
    while (System.nanoTime() - start < seconds * 1e9) {
      Data data = new Data();
      data.decode(new ByteArrayInputStream(octets));
      List<DataObject> rows = DataConverter.convertDataToDataObject(data).getValue();
      for (DataObject row : rows) {
        List<DataObject> cells = row.getValue();
        sum += CosemDateTime.decode((byte[]) cells.get(0).getValue()).hashCode();
        for (int i = 1; i < cells.size(); i++) sum += ((Number) cells.get(i).getValue()).longValue();
      }
      passes++;
    }
    if (sum == 42) System.err.println(sum);
    return passes * (double) octets.length / ((System.nanoTime() - start) / 1e9) / 1e6;
  }
}

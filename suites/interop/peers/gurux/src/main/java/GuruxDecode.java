import gurux.dlms.GXByteBuffer;
import gurux.dlms.GXDLMSClient;
import gurux.dlms.enums.DataType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Usage: GuruxDecode FILE SECONDS: decodes a profile buffer again and again, prints MB/s of its octets. */
public final class GuruxDecode {
  public static void main(String[] arguments) throws Exception {
    byte[] octets = Files.readAllBytes(Path.of(arguments[0]));
    double seconds = Double.parseDouble(arguments[1]);
    measure(octets, seconds); // warms up
    System.out.printf("{\"mb_per_second\": %.2f}%n", measure(octets, seconds));
  }

  private static double measure(byte[] octets, double seconds) {
    long start = System.nanoTime();
    long passes = 0;
    long sum = 0;
    while (System.nanoTime() - start < seconds * 1e9) {
      for (Object row : (List<?>) GXDLMSClient.getValue(new GXByteBuffer(octets))) {
        List<?> cells = (List<?>) row;
        sum += GXDLMSClient.changeType((byte[]) cells.get(0), DataType.DATETIME).hashCode();
        for (int i = 1; i < cells.size(); i++) sum += ((Number) cells.get(i)).longValue();
      }
      passes++;
    }
    if (sum == 42) System.err.println(sum);
    return passes * (double) octets.length / ((System.nanoTime() - start) / 1e9) / 1e6;
  }
}

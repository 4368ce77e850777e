import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What the Java peers share: the options of one job, secrets from files, and the loop that serves many jobs in one virtual
 * machine, since starting one costs more than most cells of the matrix.
 *
 * <p>A job is a line "id TAB option TAB value ..."; its answer a line "id TAB JSON object", in the order in which they end.
 */
final class PeerOptions {
  interface Job {
    void run(PeerOptions options, StringJoiner out) throws Exception;
  }

  private final Map<String, List<String>> values = new HashMap<>();

  private PeerOptions(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      boolean has = i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--");
      values
          .computeIfAbsent(arguments.get(i), k -> new ArrayList<>())
          .add(has ? arguments.get(++i) : "");
    }
  }

  String text(String name, String fallback) {
    return values.getOrDefault(name, List.of(fallback)).get(0);
  }

  int number(String name, int fallback) {
    return Integer.parseInt(text(name, Integer.toString(fallback)));
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /** The octets of a secret file: 32 or 64 hexadecimal digits are a key, anything else is text. */
  byte[] secret(String name) throws Exception {
    String text = Files.readString(Path.of(text(name, ""))).strip();
    return text.matches("([0-9a-fA-F]{32}){1,2}")
        ? HexFormat.of().parseHex(text)
        : text.getBytes(StandardCharsets.US_ASCII);
  }

  static String quoted(String text) {
    return '"' + text.replaceAll("[\"\\\\\\s\\p{Cntrl}]+", " ") + '"';
  }

  private static String answer(List<String> arguments, Job job) {
    StringJoiner out = new StringJoiner(", ", "{", "}");
    try {
      job.run(new PeerOptions(arguments), out);
    } catch (Throwable failure) {
      if (System.getenv("PEER_TRACE") != null) failure.printStackTrace();
      out.add("\"error\": " + quoted(failure.toString()));
    }
    return out.toString();
  }

  static void serve(String[] arguments, Job job) throws Exception {
    PrintStream out = System.out;
    System.setOut(System.err); // the libraries print remarks of their own
    if (arguments.length > 0) {
      String answer = answer(List.of(arguments), job);
      out.println(answer);
      System.exit(answer.contains("\"error\"") ? 1 : 0);
    }
    out.println("READY");
    ExecutorService pool = Executors.newCachedThreadPool();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      List<String> parts = List.of(line.split("\t"));
      pool.execute(
          () -> {
            String answer = answer(parts.subList(1, parts.size()), job);
            synchronized (out) {
              out.println(parts.get(0) + "\t" + answer);
              out.flush();
            }
          });
    }
    System.exit(0);
  }
}

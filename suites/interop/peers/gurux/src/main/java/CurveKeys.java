import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.List;

/** The elliptic curve keys of suites/interop/peer_keys.py, one file each: private scalar, public x || y. */
final class CurveKeys {
  private CurveKeys() {}

  private static ECParameterSpec curve(int bits) throws Exception {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(bits == 256 ? "secp256r1" : "secp384r1"));
    return parameters.getParameterSpec(ECParameterSpec.class);
  }

  private static String line(Path folder, String who, String use, int bits, int number)
      throws Exception {
    List<String> lines = Files.readAllLines(folder.resolve(who + "_" + use + "_" + bits));
    return lines.get(number);
  }

  static PrivateKey secret(Path folder, String who, String use, int bits) throws Exception {
    BigInteger scalar = new BigInteger(line(folder, who, use, bits, 0), 16);
    return KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(scalar, curve(bits)));
  }

  static PublicKey open(Path folder, String who, String use, int bits) throws Exception {
    String xy = line(folder, who, use, bits, 1);
    ECPoint point =
        new ECPoint(
            new BigInteger(xy.substring(0, xy.length() / 2), 16),
            new BigInteger(xy.substring(xy.length() / 2), 16));
    return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, curve(bits)));
  }

  /** As Gurux wants a pair: the own private key with the other side's public key. */
  static KeyPair pair(Path folder, String own, String other, String use, int bits)
      throws Exception {
    return new KeyPair(open(folder, other, use, bits), secret(folder, own, use, bits));
  }
}

package dev.chaski.benchmarks;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Text of all kinds that people give to a model: prose in several scripts, code, numbers, white
 * space. Made of a few dozen sentences with their words in ever new order, always the same.
 */
final class MixedText {
  private static final List<String> SENTENCES =
      List.of(
          "The runners of the relay carried messages over the mountains, a day and a night without"
              + " rest.",
          "She hadn't expected it'd take so long; they've been waiting since Tuesday, haven't"
              + " they?",
          "In the second half of the year, revenue grew by 12.5% to $3,482,910, ahead of"
              + " estimates.",
          "Der Läufer überquerte die Brücke über die Schlucht, während der Nebel langsam höher"
              + " stieg.",
          "L'été dernier, les élèves ont mesuré la température de l'eau près du vieux pont de"
              + " pierre.",
          "El corredor llegó al amanecer con un mensaje anudado en cuerdas de muchos colores.",
          "Гонец бежал по горной дороге всю ночь и к утру доставил послание правителю города.",
          "信使沿着山路奔跑了一整夜,在黎明时分把消息送到了城里。",
          "飛脚は夜通し山道を走り、夜明けに町へ知らせを届けました。",
          "धावक पूरी रात पहाड़ी रास्ते पर दौड़ता रहा और सुबह संदेश लेकर पहुँचा।",
          "ركض الرسول طوال الليل في الطريق الجبلي ووصل إلى المدينة عند الفجر.",
          "Great trip!!! 🏔️🏃‍♀️ 10/10 would run again… see you at"
              + " https://example.org/relay?leg=4#map",
          "for (int i = 0; i < rows; i++) {\n    sum += weights[i] * input[i];\n}\n",
          "def relay(legs):\n"
              + "    return [leg.distance_km / leg.hours for leg in legs if leg.hours > 0]\n",
          "SELECT name, COUNT(*) AS legs FROM runners WHERE region = 'Cusco' GROUP BY name;\n",
          "{\"id\": 48213, \"runner\": \"chaski-7\", \"knots\": [3, 14, 159, 2653], \"done\":"
              + " true}\n",
          "| leg | distance | time |\n|----:|---------:|-----:|\n| 1 | 2.4 km | 09:31 |\n",
          "    \t  indented, with    odd   spaces \r\n\r\n\r\n"
              + " and line ends of another system\r\n");

  private MixedText() {}

  /** Text of about {@code bytes} bytes in UTF-8, a little more. */
  static String ofBytes(int bytes) {
    SplittableRandom random = new SplittableRandom(1);
    StringBuilder text = new StringBuilder(bytes);
    long size = 0;
    while (size < bytes) {
      String sentence = SENTENCES.get(random.nextInt(SENTENCES.size()));
      String piece = shuffled(sentence, random) + (random.nextInt(4) == 0 ? "\n\n" : " ");
      text.append(piece);
      size += piece.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    }
    return text.toString();
  }

  /** Some of its words change places, so that there are always new neighbours. */
  private static String shuffled(String sentence, SplittableRandom random) {
    String[] words = sentence.split(" ", -1);
    for (int i = 0; i < words.length / 3; i++) {
      int a = random.nextInt(words.length);
      int b = random.nextInt(words.length);
      String word = words[a];
      words[a] = words[b];
      words[b] = word;
    }
    return String.join(" ", words);
  }
}

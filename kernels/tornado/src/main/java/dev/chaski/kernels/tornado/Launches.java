package dev.chaski.kernels.tornado;

import dev.chaski.kernels.KvShape;
import dev.chaski.kernels.RopePairing;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.tornado.program.AttentionKernels;
import dev.chaski.kernels.tornado.program.Chunks;
import dev.chaski.kernels.tornado.program.DeviceMemory;
import dev.chaski.kernels.tornado.program.Launch;
import dev.chaski.kernels.tornado.program.MatmulKernels;
import dev.chaski.kernels.tornado.program.Operation;
import dev.chaski.kernels.tornado.program.RowKernels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Which kernels an operation is, with which numbers. Shapes have been checked. */
final class Launches {
  private Launches() {}

  private record Simple(
      List<Object> uses, List<TornadoWeight> weights, Function<Device, List<Launch>> make)
      implements Device.Deferred {
    @Override
    public List<Launch> launches(Device device) {
      return make.apply(device);
    }
  }

  private static Device.Deferred of(Function<Device, Launch> make, Object... uses) {
    return new Simple(List.of(uses), List.of(), device -> List.of(make.apply(device)));
  }

  private static Device.Deferred nothing() {
    return new Simple(List.of(), List.of(), _ -> List.of());
  }

  static Device.Deferred clear(TornadoTensor x) {
    int at = x.at();
    int size = x.size();
    return of(
        device ->
            new Launch(Operation.CLEAR, 0, 0, RowKernels.LOCAL, device.values())
                .set(RowKernels.TO, at)
                .set(RowKernels.LENGTH, size)
                .items(size),
        x);
  }

  static Device.Deferred gatherRows(TornadoTensor out, TornadoTensor x, int[] rows) {
    int[] places = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      places[i] = x.at() + rows[i] * x.columns();
    }
    return gather(Operation.GATHER, out, places, List.of(out, x));
  }

  /**
   * Copies rotations.
   *
   * @param places of each row
   * @param uses what must stay until then
   */
  static Device.Deferred angles(TornadoTensor out, int[] places, List<Object> uses) {
    return gather(Operation.ANGLES, out, places, uses);
  }

  private static Device.Deferred gather(
      Operation operation, TornadoTensor out, int[] places, List<Object> uses) {
    int outAt = out.at();
    int columns = out.columns();
    if (places.length == 0) {
      return nothing();
    }
    return new Simple(
        uses,
        List.of(),
        device ->
            List.of(
                new Launch(operation, 0, 0, RowKernels.LOCAL, device.values())
                    .set(RowKernels.OUT, outAt)
                    .set(RowKernels.COLUMNS, columns)
                    .set(RowKernels.ROWS, places.length)
                    .list(RowKernels.LIST, places)
                    .items(columns * places.length)));
  }

  static Device.Deferred rmsNorm(
      TornadoTensor out, TornadoTensor x, TornadoTensor gain, float eps) {
    int outAt = out.at();
    int at = x.at();
    int gainAt = gain.at();
    int rows = x.rows();
    int columns = x.columns();
    if (rows == 0) {
      return nothing();
    }
    return of(
        device ->
            new Launch(Operation.NORMALIZE, 0, eps, RowKernels.LOCAL, device.values())
                .set(RowKernels.OUT, outAt)
                .set(RowKernels.X, at)
                .set(RowKernels.Y, gainAt)
                .set(RowKernels.COLUMNS, columns)
                .groups(rows),
        out,
        x,
        gain);
  }

  static Device.Deferred swiGlu(TornadoTensor gate, TornadoTensor up) {
    int gateAt = gate.at();
    int upAt = up.at();
    int size = gate.size();
    if (size == 0) {
      return nothing();
    }
    return of(
        device ->
            new Launch(Operation.GATE, 0, 0, RowKernels.LOCAL, device.values())
                .set(RowKernels.X, gateAt)
                .set(RowKernels.Y, upAt)
                .set(RowKernels.COLUMNS, size)
                .items(size),
        gate,
        up);
  }

  static Device.Deferred rope(TornadoTensor x, TornadoTensor angles, RopePairing pairing) {
    int at = x.at();
    int anglesAt = angles.at();
    int rows = x.rows();
    int columns = x.columns();
    int headDim = angles.columns();
    boolean interleaved = pairing == RopePairing.INTERLEAVED;
    if (rows == 0) {
      return nothing();
    }
    return of(
        device ->
            new Launch(Operation.ROTATE, 0, 0, RowKernels.LOCAL, device.values())
                .set(RowKernels.X, at)
                .set(RowKernels.Y, anglesAt)
                .set(RowKernels.COLUMNS, columns)
                .set(RowKernels.ROWS, rows)
                .set(RowKernels.STEP, interleaved ? 2 : 1)
                .set(RowKernels.STRIDE, interleaved ? 1 : headDim / 2)
                .set(RowKernels.HEAD_DIM, headDim)
                .items(rows * columns / 2),
        x,
        angles);
  }

  static Device.Deferred matmul(TornadoTensor out, TornadoWeight w, TornadoTensor x, boolean add) {
    int outAt = out.at();
    int at = x.at();
    int tokens = x.rows();
    if (tokens == 0) {
      return nothing();
    }
    boolean vector = tokens <= MatmulKernels.VECTOR_TOKENS;
    return new Simple(
        List.of(out, x, w),
        List.of(w),
        device -> {
          List<Launch> launches = new ArrayList<>();
          for (TornadoWeight.Part part : w.parts()) {
            int tiles =
                Math.ceilDiv(part.rows(), MatmulKernels.TILE_ROWS)
                    * Math.ceilDiv(tokens, MatmulKernels.TILE_TOKENS);
            launches.add(
                product(
                        device,
                        vector ? Operation.VECTOR_TIMES_ROWS : Operation.TOKENS_TIMES_ROWS,
                        vector ? MatmulKernels.VECTOR_LOCAL : MatmulKernels.TILE_LOCAL,
                        w,
                        part)
                    .set(MatmulKernels.OUT, outAt)
                    .set(MatmulKernels.X, at)
                    .set(MatmulKernels.OUT_STRIDE, w.rows())
                    .set(MatmulKernels.ADD, add ? 1 : 0)
                    .set(MatmulKernels.TOKENS, tokens)
                    .groups(vector ? part.rows() * tokens : tiles));
          }
          return launches;
        });
  }

  static Device.Deferred embed(TornadoTensor out, TornadoWeight w, int[] ids) {
    int outAt = out.at();
    if (ids.length == 0) {
      return nothing();
    }
    return new Simple(
        List.of(out, w),
        List.of(w),
        device -> {
          List<Launch> launches = new ArrayList<>();
          for (TornadoWeight.Part part : w.parts()) {
            launches.add(
                product(device, Operation.LOOK_UP, RowKernels.LOCAL, w, part)
                    .set(MatmulKernels.OUT, outAt)
                    .set(MatmulKernels.TOKENS, ids.length)
                    .list(MatmulKernels.IDS, ids)
                    .items(Math.ceilDiv(w.columns(), Chunks.SIZE) * ids.length));
          }
          return launches;
        });
  }

  /** What all kernels of weights are told about a weight. */
  private static Launch product(
      Device device, Operation operation, int local, TornadoWeight w, TornadoWeight.Part part) {
    DeviceFormat format = DeviceFormat.of(w.type(), w.scale());
    DeviceMemory memory = device.memory();
    WeightArrays.Place scales = w.scales();
    WeightArrays.Place place = part.place();
    Object bytes = memory.noBytes();
    Object shorts = memory.noShorts();
    Object floats = memory.noFloats();
    switch (format.element()) {
      case BYTES -> bytes = place.array();
      case SHORTS -> shorts = place.array();
      case FLOATS -> floats = place.array();
    }
    Launch launch =
        new Launch(
                operation,
                format.variant(),
                0,
                local,
                device.values(),
                bytes,
                shorts,
                floats,
                scales == null ? memory.noFloats() : scales.array(),
                memory.tables())
            .set(MatmulKernels.W, place.at())
            .set(
                MatmulKernels.ROW_STRIDE,
                (int) (format.byteSize(w.type(), 1, w.columns()) / format.element().size()))
            .set(MatmulKernels.COLUMNS, w.columns())
            .set(MatmulKernels.ROWS, part.rows())
            .set(MatmulKernels.FIRST_ROW, part.firstRow())
            .set(MatmulKernels.SCALE_ROWS, 1)
            .set(MatmulKernels.SCALE_CHUNKS, 1);
    if (scales != null) {
      w.scale()
          .ifPresent(scale ->
              launch
                  .set(MatmulKernels.SCALES, scales.at())
                  .set(MatmulKernels.SCALE_BLOCKS, scale.blocks())
                  .set(MatmulKernels.SCALE_ROWS, scale.blockRows())
                  .set(
                      MatmulKernels.SCALE_CHUNKS,
                      scale.blocks() == 1
                          ? Integer.MAX_VALUE
                          : scale.blockColumns() / Chunks.SIZE));
    }
    return launch;
  }

  static Device.Deferred storeKv(
      KvShape shape, TornadoTensor k, TornadoTensor v, int[] positions, int[] places) {
    int keysAt = k.at();
    int valuesAt = v.at();
    int columns = shape.columns();
    boolean blocks = shape.type() == TensorType.Q8_0;
    return of(
        device -> {
          Object array = device.caches(shape.type()).array();
          DeviceMemory memory = device.memory();
          Launch launch =
              switch (shape.type()) {
                case Q8_0 ->
                    new Launch(
                        Operation.STORE_BLOCKS, 0, 0, RowKernels.LOCAL, device.values(), array);
                case F16 ->
                    new Launch(
                        Operation.STORE_VALUES,
                        AttentionKernels.F16,
                        0,
                        RowKernels.LOCAL,
                        device.values(),
                        memory.noFloats(),
                        array);
                default ->
                    new Launch(
                        Operation.STORE_VALUES,
                        AttentionKernels.F32,
                        0,
                        RowKernels.LOCAL,
                        device.values(),
                        array,
                        memory.noShorts());
              };
          int perRow = 2 * columns / (blocks ? AttentionKernels.BLOCK : 1);
          return launch
              .set(AttentionKernels.KEYS, keysAt)
              .set(AttentionKernels.VALUES, valuesAt)
              .set(AttentionKernels.HEAD_DIM, shape.headDim())
              .set(AttentionKernels.KV_HEADS, shape.numKvHeads())
              .set(AttentionKernels.ROWS, positions.length)
              .list(AttentionKernels.POSITIONS, positions)
              .list(AttentionKernels.PLACES, places)
              .items(perRow * positions.length);
        },
        k,
        v);
  }

  static Device.Deferred attention(
      KvShape shape,
      TornadoTensor out,
      TornadoTensor q,
      int numHeads,
      int[] positions,
      int[] places) {
    if (shape.headDim() > AttentionKernels.MAX_HEAD_DIM) {
      throw new IllegalArgumentException(
          "attention: heads have "
              + shape.headDim()
              + " values, the device's kernel takes "
              + AttentionKernels.MAX_HEAD_DIM
              + "; use --kernels vector");
    }
    int outAt = out.at();
    int queriesAt = q.at();
    return of(
        device -> {
          Object array = device.caches(shape.type()).array();
          DeviceMemory memory = device.memory();
          boolean f32 = shape.type() == TensorType.F32;
          boolean f16 = shape.type() == TensorType.F16;
          int variant =
              f32 ? AttentionKernels.F32 : f16 ? AttentionKernels.F16 : AttentionKernels.Q8_0;
          return new Launch(
                  Operation.ATTEND,
                  variant,
                  0,
                  AttentionKernels.LOCAL,
                  device.values(),
                  f32 ? array : memory.noFloats(),
                  f16 ? array : memory.noShorts(),
                  f32 || f16 ? memory.noBytes() : array)
              .set(AttentionKernels.OUT, outAt)
              .set(AttentionKernels.QUERIES, queriesAt)
              .set(AttentionKernels.HEADS, numHeads)
              .set(AttentionKernels.HEAD_DIM, shape.headDim())
              .set(AttentionKernels.KV_HEADS, shape.numKvHeads())
              .list(AttentionKernels.POSITIONS, positions)
              .list(AttentionKernels.PLACES, places)
              .groups(positions.length * numHeads);
        },
        out,
        q);
  }
}

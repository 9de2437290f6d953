package dev.chaski.kernels.tornado;

import dev.chaski.kernels.DeviceSpace;
import dev.chaski.kernels.IntTensor;
import dev.chaski.kernels.KernelArguments;
import dev.chaski.kernels.Kernels;
import dev.chaski.kernels.KvRows;
import dev.chaski.kernels.KvShape;
import dev.chaski.kernels.KvSlab;
import dev.chaski.kernels.RopeFrequencies;
import dev.chaski.kernels.RopePairing;
import dev.chaski.kernels.Tensor;
import dev.chaski.kernels.TensorType;
import dev.chaski.kernels.Weight;
import dev.chaski.kernels.WeightScale;
import dev.chaski.kernels.tornado.program.Recorder;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;

/**
 * The operations on a device. They are written down when they are called, and run when somebody
 * wants a result; the {@link Device} has the lock, and everything that is kept. Positions, ids and
 * rows are taken as they are at the call.
 */
final class TornadoKernels implements Kernels {
  private final Device device;

  TornadoKernels(Device device) {
    this.device = device;
  }

  @Override
  public String name() {
    return TornadoProvider.NAME;
  }

  @Override
  public String description() {
    return "TornadoVM, " + device.space().name();
  }

  /** What the device was asked to do, from now on too. */
  Recorder.Counts counts() {
    return device.counts();
  }

  @Override
  public Tensor tensor(int rows, int columns) {
    return device.tensor(rows, columns);
  }

  @Override
  public IntTensor ints() {
    return new TornadoIntTensor();
  }

  @Override
  public Weight weight(
      TensorType type, int rows, int columns, MemorySegment data, Optional<WeightScale> scale) {
    KernelArguments.checkWeight(type, rows, columns, data, scale);
    return device.weight(new TornadoWeight(type, rows, columns, data, scale));
  }

  @Override
  public KvSlab kvSlab(KvShape shape) {
    return device.slab(new TornadoKvSlab(shape, this));
  }

  @Override
  public void write(Tensor dst, int row, float[] src) {
    TornadoTensor to = ours(dst);
    Objects.checkIndex(row, to.rows());
    Objects.checkFromIndexSize(0, to.columns(), src.length);
    device.write(to, row * to.columns(), src, to.columns());
  }

  @Override
  public void read(Tensor src, int row, float[] dst, int dstOffset) {
    TornadoTensor from = ours(src);
    Objects.checkIndex(row, from.rows());
    Objects.checkFromIndexSize(dstOffset, from.columns(), dst.length);
    device.read(from, row * from.columns(), dst, dstOffset, from.columns());
  }

  @Override
  public void writeRows(Tensor dst, float[] src) {
    TornadoTensor to = ours(dst);
    Objects.checkFromIndexSize(0, to.size(), src.length);
    device.write(to, 0, src, to.size());
  }

  @Override
  public void readRows(Tensor src, float[] dst) {
    TornadoTensor from = ours(src);
    Objects.checkFromIndexSize(0, from.size(), dst.length);
    device.read(from, 0, dst, 0, from.size());
  }

  @Override
  public void await() {
    device.await();
  }

  @Override
  public Optional<DeviceSpace> deviceSpace() {
    return Optional.of(device.space());
  }

  @Override
  public int argmax(Tensor x, int row) {
    TornadoTensor from = ours(x);
    return device.argmax(from, Objects.checkIndex(row, from.rows()));
  }

  @Override
  public void embed(Tensor out, Weight table, IntTensor ids) {
    TornadoTensor to = ours(out);
    TornadoWeight from = ours(table);
    KernelArguments.checkEmbed(out, table, ids);
    for (int i = 0; i < ids.size(); i++) {
      Objects.checkIndex(ids.get(i), from.rows());
    }
    device.record(Launches.embed(to, from, values(ids)));
  }

  @Override
  public void gatherRows(Tensor out, Tensor x, IntTensor rows) {
    TornadoTensor to = ours(out);
    TornadoTensor from = ours(x);
    KernelArguments.checkGatherRows(out, x, rows);
    for (int i = 0; i < rows.size(); i++) {
      Objects.checkIndex(rows.get(i), from.rows());
    }
    device.record(Launches.gatherRows(to, from, values(rows)));
  }

  @Override
  public void rmsNorm(Tensor out, Tensor x, Tensor gain, float eps) {
    TornadoTensor to = ours(out);
    TornadoTensor from = ours(x);
    TornadoTensor by = ours(gain);
    KernelArguments.checkRmsNorm(out, x, gain);
    device.record(Launches.rmsNorm(to, from, by, eps));
  }

  @Override
  public void matmul(Tensor out, Weight w, Tensor x) {
    matmul("matmul", out, w, x, false);
  }

  @Override
  public void matmulAdd(Tensor out, Weight w, Tensor x) {
    matmul("matmulAdd", out, w, x, true);
  }

  private void matmul(String operation, Tensor out, Weight w, Tensor x, boolean add) {
    TornadoTensor to = ours(out);
    TornadoWeight weight = ours(w);
    TornadoTensor from = ours(x);
    KernelArguments.checkMatmul(operation, out, w, x);
    device.record(Launches.matmul(to, weight, from, add));
  }

  @Override
  public void swiGlu(Tensor gate, Tensor up) {
    TornadoTensor g = ours(gate);
    TornadoTensor u = ours(up);
    KernelArguments.checkSameShape("swiGlu", gate, up);
    device.record(Launches.swiGlu(g, u));
  }

  @Override
  public void ropeAngles(Tensor out, RopeFrequencies rope, IntTensor positions) {
    TornadoTensor to = ours(out);
    KernelArguments.checkRopeAngles(out, rope, positions);
    device.recordAngles(to, rope, values(positions));
  }

  @Override
  public void rope(Tensor x, Tensor angles, RopePairing pairing) {
    TornadoTensor values = ours(x);
    TornadoTensor by = ours(angles);
    KernelArguments.checkRope(x, angles);
    device.record(Launches.rope(values, by, pairing));
  }

  @Override
  public void storeKv(KvRows kv, Tensor k, Tensor v, IntTensor positions) {
    TornadoTensor keys = ours(k);
    TornadoTensor values = ours(v);
    KernelArguments.checkSameShape("storeKv", k, v);
    if (k.rows() == 0) {
      return;
    }
    KvShape shape = KernelArguments.checkStoreKv(k, kv, positions, TornadoKernels::capacity);
    device.record(Launches.storeKv(shape, keys, values, values(positions), places(kv, k.rows())));
  }

  @Override
  public void attention(Tensor out, Tensor q, KvRows kv, int numHeads, IntTensor positions) {
    TornadoTensor to = ours(out);
    TornadoTensor from = ours(q);
    KernelArguments.checkSameShape("attention", out, q);
    if (q.rows() == 0) {
      return;
    }
    KvShape shape =
        KernelArguments.checkAttention(q, kv, numHeads, positions, TornadoKernels::capacity);
    device.record(
        Launches.attention(shape, to, from, numHeads, values(positions), places(kv, q.rows())));
  }

  @Override
  public void close() {
    device.close();
  }

  /** Bytes of all arrays on the device. */
  long takenBytes() {
    return device.memory().byteSize();
  }

  void reserve(TornadoKvSlab slab, int positions) {
    device.reserve(slab, positions);
  }

  void copy(TornadoKvSlab from, TornadoKvSlab to, int positions) {
    device.copy(from, to, positions);
  }

  void release(TornadoKvSlab slab) {
    device.release(slab);
  }

  private static int[] values(IntTensor ints) {
    int[] values = new int[ints.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = ints.get(i);
    }
    return values;
  }

  private static int[] places(KvRows kv, int rows) {
    int[] places = new int[rows];
    for (int row = 0; row < rows; row++) {
      places[row] = ours(kv.slabOf(row)).at();
    }
    return places;
  }

  private static long capacity(KvSlab slab) {
    return ours(slab).capacity();
  }

  private static TornadoTensor ours(Tensor tensor) {
    if (tensor instanceof TornadoTensor ours) {
      return ours;
    }
    throw KernelArguments.foreign(tensor);
  }

  private static TornadoWeight ours(Weight weight) {
    if (weight instanceof TornadoWeight ours) {
      return ours;
    }
    throw KernelArguments.foreign(weight);
  }

  private static TornadoKvSlab ours(KvSlab slab) {
    if (slab instanceof TornadoKvSlab ours) {
      return ours;
    }
    throw KernelArguments.foreign(slab);
  }
}

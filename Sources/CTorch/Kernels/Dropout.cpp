// Dropout of packed rows on the CPU.
#include "Kernels.hpp"

namespace ct::kernels {

namespace {

struct Dropout : Function<Dropout> {
  static Tensor forward(
      AutogradContext *context, const Tensor &input, double dropout, const Tensor &boundaries) {
    const int64_t seed = drawSeed(dropout);
    context->save_for_backward({boundaries});
    context->saved_data["dropout"] = dropout;
    context->saved_data["seed"] = seed;
    return run(input, boundaries, dropout, seed);
  }

  static Tensors backward(AutogradContext *context, Tensors gradients) {
    return {
        run(gradients[0], context->get_saved_variables()[0],
            context->saved_data["dropout"].toDouble(), context->saved_data["seed"].toInt()),
        Tensor(), Tensor()};
  }

 private:
  static Tensor run(
      const Tensor &input, const Tensor &boundaries, double dropout, int64_t seed) {
    const Tensor in = withContiguousRows(input);
    const RowPositions rowPositions(boundaries, in.size(0));
    Tensor out = at::empty(in.sizes(), in.options());
    ck_norm norm{};
    norm.row_count = in.size(0);
    norm.size = in.size(1);
    norm.dropout = ck_dropout_make(dropout, static_cast<uint64_t>(seed));
    norm.sequences = rowPositions.sequences.data();
    norm.positions = rowPositions.positions.data();
    norm.input = rows(in);
    norm.out = rows(out);
    forEachChunk(norm, [](const ck_norm &part, int64_t) { best().dropout(&part); });
    return out;
  }
};

}  // namespace

Tensor dropout(const Tensor &input, double dropout, const Tensor &boundaries) {
  return dropout == 0 ? input : Dropout::apply(input, dropout, boundaries);
}

}  // namespace ct::kernels

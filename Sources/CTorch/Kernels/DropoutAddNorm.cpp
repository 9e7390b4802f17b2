// Dropout, residual and LayerNorm in one operator on the CPU.
#include "Kernels.hpp"

namespace ct::kernels {

namespace {

struct DropoutAddNorm : Function<DropoutAddNorm> {
  static Tensor forward(
      AutogradContext *context, const Tensor &input, const Tensor &residual, const Tensor &weight,
      const Tensor &bias, double epsilon, double dropout, const Tensor &boundaries) {
    const int64_t tokens = input.size(0), size = input.size(-1);
    TORCH_CHECK(
        residual.sizes() == input.sizes() && weight.numel() == size && bias.numel() == size &&
            weight.scalar_type() == at::kFloat && bias.scalar_type() == at::kFloat,
        "input and residual must have the same shape [tokens, size]; weight and bias must be "
        "float32 [size]");
    const int64_t seed = drawSeed(dropout);
    const Tensor x = withContiguousRows(input), r = withContiguousRows(residual),
                 w = weight.contiguous();
    const RowPositions rowPositions(boundaries, tokens);
    const auto float32 = x.options().dtype(at::kFloat);
    Tensor sum = at::empty({tokens, size}, float32), out = at::empty({tokens, size}, float32);
    Tensor statistics = at::empty({2, tokens}, float32);
    ck_norm norm = common(tokens, size, dropout, seed, rowPositions, sum, w, statistics);
    norm.epsilon = static_cast<float>(epsilon);
    norm.input = rows(x);
    norm.residual = rows(r);
    norm.out = rows(out);
    const Tensor b = bias.contiguous();
    norm.bias = b.const_data_ptr<float>();
    forEachChunk(norm, [](const ck_norm &part, int64_t) { best().norm_forward(&part); });
    context->save_for_backward({sum, w, statistics, boundaries, bias});
    context->saved_data["dropout"] = dropout;
    context->saved_data["seed"] = seed;
    context->saved_data["input"] = static_cast<int64_t>(x.scalar_type());
    context->saved_data["residual"] = static_cast<int64_t>(r.scalar_type());
    return out;
  }

  static Tensors backward(AutogradContext *context, Tensors gradients) {
    const auto saved = context->get_saved_variables();
    const int64_t tokens = saved[0].size(0), size = saved[0].size(1);
    const double dropout = context->saved_data["dropout"].toDouble();
    const auto inputType = static_cast<at::ScalarType>(context->saved_data["input"].toInt());
    const auto residualType = static_cast<at::ScalarType>(context->saved_data["residual"].toInt());
    const Tensor gradient = withContiguousRows(gradients[0]);
    const RowPositions rowPositions(saved[3], tokens);
    const auto options = saved[0].options();
    Tensor dInput = at::empty({tokens, size}, options.dtype(inputType));
    // Without dropout both gradients are equal.
    const bool isShared = dropout == 0 && inputType == residualType;
    Tensor dResidual =
        isShared ? dInput : at::empty({tokens, size}, options.dtype(residualType));
    Tensor partial = at::zeros({chunkCount(tokens), 2, size}, options);
    ck_norm norm = common(
        tokens, size, dropout, context->saved_data["seed"].toInt(), rowPositions, saved[0],
        saved[1], saved[2]);
    norm.out_gradient = rows(gradient);
    norm.input_gradient = rows(dInput);
    if (!isShared) norm.residual_gradient = rows(dResidual);
    float *sums = partial.data_ptr<float>();
    forEachChunk(norm, [&](ck_norm &part, int64_t chunk) {
      part.weight_gradient = sums + chunk * 2 * size;
      part.bias_gradient = part.weight_gradient + size;
      best().norm_backward(&part);
    });
    const auto sum = [&](int64_t which, const Tensor &leaf) {
      return context->needs_input_grad(2 + which) ? sumOfRows(partial.select(1, which), leaf)
                                                  : Tensor();
    };
    return {dInput, dResidual, sum(0, saved[1]), sum(1, saved[4]), Tensor(), Tensor(), Tensor()};
  }

 private:
  static ck_norm common(
      int64_t tokens, int64_t size, double dropout, int64_t seed, const RowPositions &rowPositions,
      const Tensor &sum, const Tensor &weight, const Tensor &statistics) {
    ck_norm norm{};
    norm.row_count = tokens;
    norm.size = size;
    norm.dropout = ck_dropout_make(dropout, static_cast<uint64_t>(seed));
    norm.sequences = rowPositions.sequences.data();
    norm.positions = rowPositions.positions.data();
    norm.sum = rows(sum);
    norm.weight = weight.const_data_ptr<float>();
    norm.mean = statistics.data_ptr<float>();
    norm.inverse_deviation = norm.mean + tokens;
    return norm;
  }
};

}  // namespace

/// norm(dropout(input) + residual), always float32.
Tensor dropoutAddNorm(
    const Tensor &input, const Tensor &residual, const Tensor &weight, const Tensor &bias,
    double epsilon, double dropout, const Tensor &boundaries) {
  const WithoutAutocast without;
  return DropoutAddNorm::apply(input, residual, weight, bias, epsilon, dropout, boundaries);
}

}  // namespace ct::kernels

// Attention over packed sequences on the CPU.
#include "Kernels.hpp"

#include <cmath>
#include <cstdlib>
#include <memory>

namespace ct::kernels {

namespace {

/// The columns of one head, from row `token` on.
ck_rows headColumns(const Tensor &tensor, int64_t token, int64_t head, int64_t size) {
  ck_rows all = rows(tensor);
  all.data =
      static_cast<char *>(all.data) + (token * all.stride + head * size) * byteWidth(all.type);
  return all;
}

/// Runs `body(attention, first row, scratch)` for each sequence and head, in parallel.
template <typename Body>
void forEachHead(
    const int64_t *begin, int64_t sequences, int64_t heads, int64_t size, bool isBackward,
    const ck_attention &common, Body &&body) {
  int64_t longest = 0;
  for (int64_t i = 0; i < sequences; i++) longest = std::max(longest, begin[i + 1] - begin[i]);
  const int64_t need = ck_attention_scratch(longest, size, isBackward);
  at::parallel_for(0, sequences * heads, 1, [&](int64_t first, int64_t last) {
    const auto scratch = std::unique_ptr<float, decltype(&std::free)>(
        static_cast<float *>(std::aligned_alloc(64, (need * 4 + 63) / 64 * 64)), &std::free);
    TORCH_CHECK(scratch != nullptr, "out of memory");
    for (int64_t i = first; i < last; i++) {
      ck_attention attention = common;
      const int64_t sequence = i / heads;
      attention.token_count = begin[sequence + 1] - begin[sequence];
      attention.head_size = size;
      attention.sequence = static_cast<uint32_t>(sequence);
      attention.head = static_cast<uint32_t>(i % heads);
      body(attention, begin[sequence], scratch.get());
    }
  });
}

struct Attention : Function<Attention> {
  static Tensor forward(
      AutogradContext *context, const Tensor &query, const Tensor &key, const Tensor &value,
      const Tensor &boundaries, int64_t heads, double dropout) {
    checkAttention(query, key, value, boundaries, heads);
    const Tensor q = withContiguousRows(query), k = withContiguousRows(key),
                 v = withContiguousRows(value);
    const int64_t size = q.size(1) / heads;
    const int64_t *begin = sequenceBegins(boundaries, k.size(0));
    const int64_t seed = drawSeed(dropout);
    Tensor out = at::empty(q.sizes(), q.options());
    Tensor logSums = at::empty({heads, q.size(0)}, q.options().dtype(at::kFloat));
    forEachHead(
        begin, boundaries.numel() - 1, heads, size, false, common(size, dropout, seed),
        [&](ck_attention &a, int64_t first, float *scratch) {
          setRows(a, q, k, v, out, logSums, first, size);
          best().attention_forward(&a, scratch);
        });
    context->save_for_backward({q, k, v, out, logSums, boundaries});
    context->saved_data["heads"] = heads;
    context->saved_data["dropout"] = dropout;
    context->saved_data["seed"] = seed;
    return out;
  }

  static Tensors backward(AutogradContext *context, Tensors gradients) {
    const auto saved = context->get_saved_variables();
    const Tensor &q = saved[0], &k = saved[1], &v = saved[2], &out = saved[3], &logSums = saved[4];
    const int64_t heads = context->saved_data["heads"].toInt();
    const int64_t size = q.size(1) / heads;
    const Tensor gradient = withContiguousRows(gradients[0]);
    Tensor dq = at::empty(q.sizes(), q.options());
    Tensor dk = at::empty(k.sizes(), k.options()), dv = at::empty(v.sizes(), v.options());
    forEachHead(
        sequenceBegins(saved[5], k.size(0)), saved[5].numel() - 1, heads, size, true,
        common(
            size, context->saved_data["dropout"].toDouble(), context->saved_data["seed"].toInt()),
        [&](ck_attention &a, int64_t first, float *scratch) {
          const int64_t query = setRows(a, q, k, v, out, logSums, first, size);
          a.out_gradient = headColumns(gradient, query, a.head, size);
          a.query_gradient = headColumns(dq, query, a.head, size);
          a.key_gradient = headColumns(dk, first, a.head, size);
          a.value_gradient = headColumns(dv, first, a.head, size);
          best().attention_backward(&a, scratch);
        });
    return {dq, dk, dv, Tensor(), Tensor(), Tensor()};
  }

 private:
  static ck_attention common(int64_t size, double dropout, int64_t seed) {
    ck_attention attention{};
    attention.scale = static_cast<float>(1 / std::sqrt(static_cast<double>(size)));
    attention.dropout = ck_dropout_make(dropout, static_cast<uint64_t>(seed));
    return attention;
  }

  /// Sets the addresses of this sequence and head; returns the row of its first query.
  static int64_t setRows(
      ck_attention &a, const Tensor &q, const Tensor &k, const Tensor &v, const Tensor &out,
      const Tensor &logSums, int64_t first, int64_t size) {
    const bool hasAllQueries = q.size(0) == k.size(0);
    const int64_t query = hasAllQueries ? first : a.sequence;
    a.query_count = hasAllQueries ? a.token_count : 1;
    a.query = headColumns(q, query, a.head, size);
    a.key = headColumns(k, first, a.head, size);
    a.value = headColumns(v, first, a.head, size);
    a.out = headColumns(out, query, a.head, size);
    a.log_sum = logSums.data_ptr<float>() + a.head * q.size(0) + query;
    return query;
  }
};

}  // namespace

/// Like `scaled_dot_product_attention` of each sequence with itself. If there is one query per
/// sequence, it is that of the sequence's first token.
Tensor attention(
    const Tensor &query, const Tensor &key, const Tensor &value, const Tensor &boundaries,
    int64_t heads, double dropout) {
  const auto type = autocastType().value_or(query.scalar_type());
  const auto cast = [&](const Tensor &tensor) {
    return at::autocast::cached_cast(type, tensor, c10::DeviceType::CPU);
  };
  const Tensor q = cast(query), k = cast(key), v = cast(value);
  const WithoutAutocast without;
  return Attention::apply(q, k, v, boundaries, heads, dropout);
}

}  // namespace ct::kernels

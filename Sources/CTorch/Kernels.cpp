// Operators "lockstep::…" with their gradients, over the kernels of CKernels and oneDNN.
//
// They are registered with libtorch's dispatcher, so that they are called like its own; those on packed sequences
// (Packed.hpp) are libtorch's on every device but the CPU. float32, and bfloat16 under autocast.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <c10/core/impl/LocalDispatchKeySet.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/variable.h>
#include <torch/library.h>

#include <cmath>
#include <memory>
#include <mutex>
#include <string>

#include "GradientPlaces.hpp"
#include "Packed.hpp"
#include "ck_kernels.h"

// Of libtorch's exported functions, but of a header that it does not install.
namespace at::native {
void mkldnn_matmul(
    const Tensor &left, const Tensor &right, const Tensor &result, float beta, float alpha);
}

namespace {

using at::Tensor;
using ct::begins;
using torch::autograd::AutogradContext;
using torch::autograd::Function;
using Tensors = torch::autograd::variable_list;

const ck_kernels &kernels() {
  static const ck_kernels *best = ck_kernels_best();
  return *best;
}

ck_rows rows(const Tensor &tensor) {
  if (!tensor.defined()) return {nullptr, 0, CK_FLOAT32};
  const auto type = tensor.scalar_type();
  TORCH_CHECK(
      tensor.device().is_cpu() && (type == at::kFloat || type == at::kBFloat16),
      "this operator takes float32 or bfloat16 on the CPU, not ", type, " on ", tensor.device());
  TORCH_CHECK(
      tensor.dim() == 2 && (tensor.stride(1) == 1 || tensor.size(1) == 1),
      "this operator takes packed rows [tokens, size], not ", tensor.sizes());
  return {tensor.data_ptr(), tensor.stride(0), type == at::kFloat ? CK_FLOAT32 : CK_BFLOAT16};
}

/// The columns of one head.
ck_rows head(const Tensor &tensor, int64_t token, int64_t head, int64_t size) {
  ck_rows all = rows(tensor);
  const int64_t width = all.type == CK_FLOAT32 ? 4 : 2;
  all.data = static_cast<char *>(all.data) + (token * all.stride + head * size) * width;
  return all;
}

Tensor inRows(const Tensor &tensor) {
  return tensor.stride(-1) == 1 ? tensor : tensor.contiguous();
}

/// Takes its seed from libtorch's generator, whose state is thereby that of these operators too.
int64_t drawSeed(double probability) {
  TORCH_CHECK(
      probability >= 0 && probability <= 1, "dropout must be from 0 to 1, not ", probability);
  if (probability == 0) return 0;
  at::Generator generator = at::detail::getDefaultCPUGenerator();
  std::lock_guard<std::mutex> lock(generator.mutex());
  return static_cast<int64_t>(at::check_generator<at::CPUGeneratorImpl>(generator)->random64());
}

/// Autocast's type on this thread, or none.
std::optional<at::ScalarType> autocastType() {
  if (!at::autocast::is_autocast_enabled(at::kCPU)) return {};
  return at::autocast::get_autocast_dtype(at::kCPU);
}

/// Autocast has done its work before these operators' own.
struct WithoutAutocast {
  c10::impl::ExcludeDispatchKeyGuard guard{c10::DispatchKey::AutocastCPU};
};

// Matrix products

std::optional<c10::OperatorHandle> oneDNNLinear() {
  return c10::Dispatcher::singleton().findSchema({"mkldnn::_linear_pointwise", ""});
}

Tensor byOneDNN(const Tensor &x, const Tensor &weight, const std::optional<Tensor> &bias) {
  static const auto op = oneDNNLinear()->typed<Tensor(
      const Tensor &, const Tensor &, const std::optional<Tensor> &, std::string_view,
      c10::List<std::optional<at::Scalar>>, std::optional<std::string_view>)>();
  return op.call(x, weight, bias, "none", c10::List<std::optional<at::Scalar>>(), "");
}

/// Whether oneDNN multiplies float32 matrices. libtorch's default takes MKL, which is at 40 % of some
/// processors' peak where oneDNN is at 90 %. The rule is fixed, as a measurement would not come out alike on
/// every run and rank, and the two do not add in one order.
bool usesOneDNN() {
  static const bool isThere = oneDNNLinear().has_value();
  return isThere && at::globalContext().userEnabledMkldnn();
}

/// gradient · weight. oneDNN takes a large float32 weight that lies transposed more slowly than the copy and the product
/// take.
Tensor inputGradient(const Tensor &gradient, const Tensor &weight) {
  const bool isCopied = weight.scalar_type() == at::kFloat && weight.numel() >= 1 << 21 &&
                        weight.size(0) > weight.size(1);
  return byOneDNN(gradient, isCopied ? weight.t().contiguous() : weight.t(), {});
}

/// Whether this processor has oneDNN's product into given memory for a type; on x86 most that have AVX-512.
bool multipliesIntoPlace(at::ScalarType type) {
  const auto tries = [](at::ScalarType type) {
    try {
      const Tensor two = at::ones({2, 2}, type);
      at::native::mkldnn_matmul(two, two, at::empty({2, 2}, type), 0, 1);
      return true;
    } catch (const c10::Error &) {
      return false;
    }
  };
  static const bool floats = tries(at::kFloat), shorts = tries(at::kBFloat16);
  return type == at::kFloat ? floats : shorts;
}

/// gradientᵀ · x, where the gradient of the weight is wanted. The product into given memory also takes both as they
/// lie, transposed, and the linear map does not: 225 to 235 against 200 GFLOP/s.
Tensor weightGradient(const Tensor &gradient, const Tensor &x, const Tensor &weight) {
  Tensor result = ct::gradientMemory(weight);
  const auto type = gradient.scalar_type();
  if (!multipliesIntoPlace(type)) return result.copy_(byOneDNN(gradient.t(), x.t(), {}));
  const bool isDirect = type == weight.scalar_type();
  const Tensor product = isDirect ? result : at::empty(weight.sizes(), gradient.options());
  at::native::mkldnn_matmul(gradient.t(), x, product, 0, 1);
  return isDirect ? result : result.copy_(product);
}

/// The sum over all rows, where the gradient of the leaf is wanted.
Tensor sumOfRows(const Tensor &rows, const Tensor &leaf) {
  Tensor result = ct::gradientMemory(leaf);
  const bool isDirect = rows.scalar_type() == leaf.scalar_type();
  return isDirect ? at::sum_out(result, rows, at::IntArrayRef({0})) : result.copy_(rows.sum(0));
}

/// In the type of x, while weight and bias, and their gradients, are float32: what autocast does with a tensor for each
/// conversion goes through one here, and the gradients come where they are wanted.
struct Linear : Function<Linear> {
  static Tensor forward(
      AutogradContext *context, const Tensor &x, const Tensor &weight,
      const std::optional<Tensor> &bias) {
    const Tensor multiplied = weight.to(x.scalar_type());
    context->save_for_backward({x, weight, bias.value_or(Tensor()), multiplied});
    return byOneDNN(
        x, multiplied, bias ? std::optional<Tensor>(bias->to(x.scalar_type())) : bias);
  }

  static Tensors backward(AutogradContext *context, Tensors gradients) {
    const auto saved = context->get_saved_variables();
    const Tensor &weight = saved[1], &bias = saved[2];
    const Tensor gradient = gradients[0].reshape({-1, weight.size(0)});
    const Tensor x = saved[0].reshape({-1, weight.size(1)});
    Tensors results(3);
    if (context->needs_input_grad(0)) {
      results[0] = inputGradient(gradient, saved[3]).reshape(saved[0].sizes());
    }
    if (context->needs_input_grad(1)) results[1] = weightGradient(gradient, x, weight);
    if (bias.defined() && bias.requires_grad()) results[2] = sumOfRows(gradient, bias);
    return results;
  }
};

/// As aten::linear, also under autocast to bfloat16. Small maps stay with it: there is nothing to gain. The choice
/// depends on the weight alone, so that it is the same for every batch.
Tensor linear(const Tensor &x, const Tensor &weight, const std::optional<Tensor> &bias) {
  const auto isPlain = [](const Tensor &tensor) {
    return tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat &&
           tensor.layout() == at::kStrided;
  };
  const bool hasBias = bias && bias->defined();
  const auto type = autocastType();
  const bool isShort = type == at::kBFloat16 && multipliesIntoPlace(at::kBFloat16);
  const bool isTaken = isPlain(x) || (isShort && x.is_cpu() && x.scalar_type() == at::kBFloat16);
  if ((type && !isShort) || weight.dim() != 2 || weight.numel() < 1 << 14 || x.dim() < 2 ||
      x.numel() == 0 || !isTaken || !isPlain(weight) || (hasBias && !isPlain(*bias)) ||
      x.size(-1) != weight.size(1) || !usesOneDNN()) {
    return at::linear(x, weight, bias);
  }
  const Tensor input =
      isShort ? at::autocast::cached_cast(*type, x, c10::DeviceType::CPU) : x;
  const WithoutAutocast without;
  return Linear::apply(input, weight, hasBias ? bias : std::nullopt);
}

/// As aten::embedding, whose gradient of a large table is made of page faults and a call for each row.
struct Embedding : Function<Embedding> {
  static Tensor forward(
      AutogradContext *context, const Tensor &weight, const Tensor &indices, int64_t padding) {
    context->save_for_backward({indices});
    // Not its contents: it may be changed before backward.
    context->saved_data["weight"] = weight;
    context->saved_data["padding"] = padding;
    return at::embedding(weight, indices, padding);
  }

  static Tensors backward(AutogradContext *context, Tensors gradients) {
    const Tensor weight = context->saved_data["weight"].toTensor();
    const int64_t padding = context->saved_data["padding"].toInt(), size = weight.size(1);
    const Tensor rows = gradients[0].reshape({-1, size}).contiguous();
    const Tensor indices =
        context->get_saved_variables()[0].reshape(-1).to(at::kLong).contiguous();
    Tensor result = ct::gradientMemory(weight).zero_();
    const auto *from = rows.const_data_ptr<float>();
    const auto *index = indices.const_data_ptr<int64_t>();
    auto *to = result.data_ptr<float>();
    at::parallel_for(0, size, 256, [&](int64_t first, int64_t last) {
      for (int64_t row = 0; row < indices.numel(); row++) {
        if (index[row] == padding) continue;
        const float *source = from + row * size;
        float *target = to + index[row] * size;
        for (int64_t column = first; column < last; column++) target[column] += source[column];
      }
    });
    return {result, Tensor(), Tensor()};
  }
};

Tensor embedding(const Tensor &weight, const Tensor &indices, int64_t padding) {
  const bool isOwn = weight.device().is_cpu() && weight.scalar_type() == at::kFloat &&
                     weight.dim() == 2 && weight.is_contiguous();
  return isOwn ? Embedding::apply(weight, indices, padding)
               : at::embedding(weight, indices, padding);
}

// Attention

/// Runs `body(attention, scratch)` for each sequence and head.
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
    ct::checkAttention(query, key, value, boundaries, heads);
    const Tensor q = inRows(query), k = inRows(key), v = inRows(value);
    const int64_t size = q.size(1) / heads;
    const int64_t *begin = begins(boundaries, k.size(0));
    const int64_t seed = drawSeed(dropout);
    Tensor out = at::empty(q.sizes(), q.options());
    Tensor logSums = at::empty({heads, q.size(0)}, q.options().dtype(at::kFloat));
    forEachHead(
        begin, boundaries.numel() - 1, heads, size, false, common(size, dropout, seed),
        [&](ck_attention &a, int64_t first, float *scratch) {
          point(a, q, k, v, out, logSums, first, size);
          kernels().attention_forward(&a, scratch);
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
    const Tensor gradient = inRows(gradients[0]);
    Tensor dq = at::empty(q.sizes(), q.options());
    Tensor dk = at::empty(k.sizes(), k.options()), dv = at::empty(v.sizes(), v.options());
    forEachHead(
        begins(saved[5], k.size(0)), saved[5].numel() - 1, heads, size, true,
        common(
            size, context->saved_data["dropout"].toDouble(), context->saved_data["seed"].toInt()),
        [&](ck_attention &a, int64_t first, float *scratch) {
          const int64_t query = point(a, q, k, v, out, logSums, first, size);
          a.out_gradient = head(gradient, query, a.head, size);
          a.query_gradient = head(dq, query, a.head, size);
          a.key_gradient = head(dk, first, a.head, size);
          a.value_gradient = head(dv, first, a.head, size);
          kernels().attention_backward(&a, scratch);
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

  /// Says where the numbers of this sequence and head are; returns the row of its first query.
  static int64_t point(
      ck_attention &a, const Tensor &q, const Tensor &k, const Tensor &v, const Tensor &out,
      const Tensor &logSums, int64_t first, int64_t size) {
    const bool isWhole = q.size(0) == k.size(0);
    const int64_t query = isWhole ? first : a.sequence;
    a.query_count = isWhole ? a.token_count : 1;
    a.query = head(q, query, a.head, size);
    a.key = head(k, first, a.head, size);
    a.value = head(v, first, a.head, size);
    a.out = head(out, query, a.head, size);
    a.log_sum = logSums.data_ptr<float>() + a.head * q.size(0) + query;
    return query;
  }
};

/// As scaled_dot_product_attention of each sequence with itself; with as many queries as sequences, of the
/// first token of each with its sequence.
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

// Dropout and LayerNorm

/// Sequence and position of each row.
struct Places {
  std::vector<uint32_t> sequences, positions;

  Places(const Tensor &boundaries, int64_t tokens) {
    const int64_t *begin = begins(boundaries, tokens);
    sequences.reserve(tokens);
    positions.reserve(tokens);
    for (int64_t i = 0; i + 1 < boundaries.numel(); i++) {
      for (int64_t position = 0; position < begin[i + 1] - begin[i]; position++) {
        sequences.push_back(static_cast<uint32_t>(i));
        positions.push_back(static_cast<uint32_t>(position));
      }
    }
  }
};

/// Rows that one call works on. Sums over rows are made of these, whatever the number of threads.
constexpr int64_t rowChunk = 128;

ck_rows from(ck_rows all, int64_t row) {
  if (all.data != nullptr) {
    all.data = static_cast<char *>(all.data) + row * all.stride * (all.type == CK_FLOAT32 ? 4 : 2);
  }
  return all;
}

/// Runs `body(norm, chunk)` for each chunk of rows.
template <typename Body>
void forEachChunk(const ck_norm &all, Body &&body) {
  const int64_t chunks = (all.row_count + rowChunk - 1) / rowChunk;
  at::parallel_for(0, chunks, 1, [&](int64_t firstChunk, int64_t lastChunk) {
    for (int64_t chunk = firstChunk; chunk < lastChunk; chunk++) {
      const int64_t first = chunk * rowChunk;
      ck_norm norm = all;
      norm.row_count = std::min(rowChunk, all.row_count - first);
      norm.sequences += first;
      norm.positions += first;
      for (ck_rows *part :
           {&norm.input, &norm.residual, &norm.sum, &norm.out, &norm.out_gradient,
            &norm.input_gradient, &norm.residual_gradient}) {
        *part = from(*part, first);
      }
      if (norm.mean != nullptr) norm.mean += first;
      if (norm.inverse_deviation != nullptr) norm.inverse_deviation += first;
      body(norm, chunk);
    }
  });
}

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
    const Tensor in = inRows(input);
    const Places places(boundaries, in.size(0));
    Tensor out = at::empty(in.sizes(), in.options());
    ck_norm norm{};
    norm.row_count = in.size(0);
    norm.size = in.size(1);
    norm.dropout = ck_dropout_make(dropout, static_cast<uint64_t>(seed));
    norm.sequences = places.sequences.data();
    norm.positions = places.positions.data();
    norm.input = rows(in);
    norm.out = rows(out);
    forEachChunk(norm, [](const ck_norm &part, int64_t) { kernels().drop(&part); });
    return out;
  }
};

Tensor dropout(const Tensor &input, double dropout, const Tensor &boundaries) {
  return dropout == 0 ? input : Dropout::apply(input, dropout, boundaries);
}

struct DropoutAddNorm : Function<DropoutAddNorm> {
  static Tensor forward(
      AutogradContext *context, const Tensor &input, const Tensor &residual, const Tensor &weight,
      const Tensor &bias, double epsilon, double dropout, const Tensor &boundaries) {
    const int64_t tokens = input.size(0), size = input.size(-1);
    TORCH_CHECK(
        residual.sizes() == input.sizes() && weight.numel() == size && bias.numel() == size &&
            weight.scalar_type() == at::kFloat && bias.scalar_type() == at::kFloat,
        "input and residual must have one shape [tokens, size], weight and bias be float32 [size]");
    const int64_t seed = drawSeed(dropout);
    const Tensor x = inRows(input), r = inRows(residual), w = weight.contiguous();
    const Places places(boundaries, tokens);
    const auto floats = x.options().dtype(at::kFloat);
    Tensor sum = at::empty({tokens, size}, floats), out = at::empty({tokens, size}, floats);
    Tensor moments = at::empty({2, tokens}, floats);
    ck_norm norm = common(tokens, size, dropout, seed, places, sum, w, moments);
    norm.epsilon = static_cast<float>(epsilon);
    norm.input = rows(x);
    norm.residual = rows(r);
    norm.out = rows(out);
    const Tensor b = bias.contiguous();
    norm.bias = b.const_data_ptr<float>();
    forEachChunk(norm, [](const ck_norm &part, int64_t) { kernels().norm_forward(&part); });
    context->save_for_backward({sum, w, moments, boundaries, bias});
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
    const Tensor gradient = inRows(gradients[0]);
    const Places places(saved[3], tokens);
    const auto options = saved[0].options();
    Tensor dInput = at::empty({tokens, size}, options.dtype(inputType));
    // Without dropout both gradients are the same numbers.
    const bool isShared = dropout == 0 && inputType == residualType;
    Tensor dResidual =
        isShared ? dInput : at::empty({tokens, size}, options.dtype(residualType));
    const int64_t chunks = (tokens + rowChunk - 1) / rowChunk;
    Tensor partial = at::zeros({chunks, 2, size}, options);
    ck_norm norm = common(
        tokens, size, dropout, context->saved_data["seed"].toInt(), places, saved[0], saved[1],
        saved[2]);
    norm.out_gradient = rows(gradient);
    norm.input_gradient = rows(dInput);
    if (!isShared) norm.residual_gradient = rows(dResidual);
    float *sums = partial.data_ptr<float>();
    forEachChunk(norm, [&](ck_norm &part, int64_t chunk) {
      part.weight_gradient = sums + chunk * 2 * size;
      part.bias_gradient = part.weight_gradient + size;
      kernels().norm_backward(&part);
    });
    const auto sum = [&](int64_t which, const Tensor &leaf) {
      return context->needs_input_grad(2 + which) ? sumOfRows(partial.select(1, which), leaf) : Tensor();
    };
    return {dInput, dResidual, sum(0, saved[1]), sum(1, saved[4]), Tensor(), Tensor(), Tensor()};
  }

 private:
  static ck_norm common(
      int64_t tokens, int64_t size, double dropout, int64_t seed, const Places &places,
      const Tensor &sum, const Tensor &weight, const Tensor &moments) {
    ck_norm norm{};
    norm.row_count = tokens;
    norm.size = size;
    norm.dropout = ck_dropout_make(dropout, static_cast<uint64_t>(seed));
    norm.sequences = places.sequences.data();
    norm.positions = places.positions.data();
    norm.sum = rows(sum);
    norm.weight = weight.const_data_ptr<float>();
    norm.mean = moments.data_ptr<float>();
    norm.inverse_deviation = norm.mean + tokens;
    return norm;
  }
};

/// norm(drop(input) + residual), always float32.
Tensor dropoutAddNorm(
    const Tensor &input, const Tensor &residual, const Tensor &weight, const Tensor &bias,
    double epsilon, double dropout, const Tensor &boundaries) {
  const WithoutAutocast without;
  return DropoutAddNorm::apply(input, residual, weight, bias, epsilon, dropout, boundaries);
}

// Activation

struct GELU : Function<GELU> {
  static Tensor forward(AutogradContext *context, const Tensor &input) {
    const Tensor x = input.contiguous();
    context->save_for_backward({x});
    Tensor y = at::empty(x.sizes(), x.options());
    const auto *from = static_cast<const char *>(x.const_data_ptr());
    auto *to = static_cast<char *>(y.data_ptr());
    run(x, [&](int64_t offset, int64_t count, ck_type type) {
      kernels().gelu_forward(count, type, from + offset, to + offset);
    });
    return y;
  }

  static Tensors backward(AutogradContext *context, Tensors gradients) {
    const Tensor x = context->get_saved_variables()[0], dy = gradients[0].contiguous();
    Tensor dx = at::empty(x.sizes(), x.options());
    const auto *from = static_cast<const char *>(x.const_data_ptr());
    const auto *gradient = static_cast<const char *>(dy.const_data_ptr());
    auto *to = static_cast<char *>(dx.data_ptr());
    run(x, [&](int64_t offset, int64_t count, ck_type type) {
      kernels().gelu_backward(count, type, from + offset, gradient + offset, to + offset);
    });
    return {dx};
  }

 private:
  template <typename Body>
  static void run(const Tensor &x, Body &&body) {
    const ck_type type = rows(x.view({1, -1})).type;
    const int64_t width = type == CK_FLOAT32 ? 4 : 2;
    at::parallel_for(0, x.numel(), 1 << 15, [&](int64_t first, int64_t last) {
      body(first * width, last - first, type);
    });
  }
};

Tensor gelu(const Tensor &input) { return GELU::apply(input); }

// Optimizer

/// One step; `steps` counts those of each parameter, this one included. Gradients stay as they are.
void adamw(
    at::TensorList parameters, at::TensorList gradients, at::TensorList firsts,
    at::TensorList seconds, at::IntArrayRef steps, double learningRate, double beta1, double beta2,
    double weightDecay, double epsilon, double gradientFactor) {
  for (const size_t count : {gradients.size(), firsts.size(), seconds.size(), steps.size()}) {
    TORCH_CHECK(
        count == parameters.size(),
        "each parameter needs a gradient, two moments and a number of steps");
  }
  ck_adamw step{};
  step.gradient_factor = static_cast<float>(gradientFactor);
  step.decay = static_cast<float>(1 - learningRate * weightDecay);
  step.first_rate = static_cast<float>(1 - beta1);
  step.second_rate = static_cast<float>(1 - beta2);
  step.epsilon = static_cast<float>(epsilon);
  for (size_t i = 0; i < parameters.size(); i++) {
    TORCH_CHECK(steps[i] >= 1, "steps are counted from 1");
    const double count = static_cast<double>(steps[i]);
    step.step_size = static_cast<float>(learningRate / (1 - std::pow(beta1, count)));
    step.inverse_root_correction = static_cast<float>(1 / std::sqrt(1 - std::pow(beta2, count)));
    const Tensor gradient = gradients[i].contiguous();
    for (const Tensor *tensor : {&parameters[i], &gradient, &firsts[i], &seconds[i]}) {
      TORCH_CHECK(
          tensor->device().is_cpu() && tensor->scalar_type() == at::kFloat &&
              tensor->is_contiguous() && tensor->sizes() == parameters[i].sizes(),
          "this operator takes contiguous float32 tensors of one shape on the CPU");
    }
    auto *p = parameters[i].data_ptr<float>(), *m = firsts[i].data_ptr<float>(),
         *v = seconds[i].data_ptr<float>();
    const auto *g = gradient.const_data_ptr<float>();
    at::parallel_for(0, parameters[i].numel(), 1 << 15, [&](int64_t first, int64_t last) {
      kernels().adamw(&step, last - first, p + first, g + first, m + first, v + first);
    });
    torch::autograd::impl::bump_version(parameters[i]);
  }
}

/// An operator with a kernel of this package on the CPU, and made of libtorch's own on every other device. As
/// overload "composite" the latter can be called on the CPU, too, to compare them.
template <typename Body>
void define(
    torch::Library &library, const std::string &name, const std::string &signature, Body *kernel,
    Body *composite) {
  library.def((name + signature).c_str());
  library.impl(name.c_str(), torch::dispatch(c10::DispatchKey::CPU, kernel));
  library.impl(name.c_str(), torch::dispatch(c10::DispatchKey::AutogradCPU, kernel));
  library.impl(
      name.c_str(), torch::dispatch(c10::DispatchKey::CompositeImplicitAutograd, composite));
  library.def((name + ".composite" + signature).c_str(), composite);
}

}  // namespace

TORCH_LIBRARY(lockstep, library) {
  library.def("linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor", linear);
  library.def("embedding(Tensor weight, Tensor indices, int padding) -> Tensor", embedding);
  define(
      library, "attention",
      "(Tensor query, Tensor key, Tensor value, Tensor boundaries, int heads, float dropout) -> "
      "Tensor",
      attention, ct::composite::attention);
  define(
      library, "dropout", "(Tensor input, float dropout, Tensor boundaries) -> Tensor", dropout,
      ct::composite::dropout);
  define(
      library, "dropout_add_norm",
      "(Tensor input, Tensor residual, Tensor weight, Tensor bias, float epsilon, float dropout, "
      "Tensor boundaries) -> Tensor",
      dropoutAddNorm, ct::composite::dropoutAddNorm);
  define(library, "gelu", "(Tensor input) -> Tensor", gelu, ct::composite::gelu);
  library.def(
      "adamw_(Tensor(a!)[] parameters, Tensor[] gradients, Tensor(b!)[] firsts, "
      "Tensor(c!)[] seconds, int[] steps, float learning_rate, float beta1, float beta2, "
      "float weight_decay, float epsilon, float gradient_factor) -> ()",
      adamw);
}

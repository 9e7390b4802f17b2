#include "Support.hpp"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/stack.h>

namespace {

c10::OperatorHandle *handle(ct_operator op) {
  return reinterpret_cast<c10::OperatorHandle *>(op);
}

c10::List<at::Tensor> tensorList(const ct_value &value) {
  c10::List<at::Tensor> list;
  list.reserve(value.count);
  for (int64_t i = 0; i < value.count; i++) list.push_back(ct::borrow(value.payload.tensors[i]));
  return list;
}

c10::List<std::optional<at::Tensor>> optionalTensorList(const ct_value &value) {
  c10::List<std::optional<at::Tensor>> list;
  list.reserve(value.count);
  for (int64_t i = 0; i < value.count; i++) {
    ct_tensor tensor = value.payload.tensors[i];
    list.push_back(tensor ? std::make_optional(ct::borrow(tensor)) : std::nullopt);
  }
  return list;
}

template <typename Element>
c10::IValue scalarList(const Element *elements, int64_t count) {
  c10::List<Element> list;
  list.reserve(count);
  for (int64_t i = 0; i < count; i++) list.push_back(elements[i]);
  return list;
}

c10::IValue defaultValue(const c10::FunctionSchema &schema, size_t index) {
  const auto &argument = schema.arguments()[index];
  if (argument.default_value()) return *argument.default_value();
  TORCH_CHECK(
      false, "argument '", argument.name(), "' has no default: pass a value; the schema is ",
      schema);
}

c10::IValue toIValue(const ct_value &value, const c10::FunctionSchema &schema, size_t index) {
  switch (value.tag) {
    case CT_NONE: return {};
    case CT_DEFAULT: return defaultValue(schema, index);
    case CT_TENSOR: return ct::borrow(value.payload.tensor);
    case CT_INT: return value.payload.integer;
    case CT_DOUBLE: return value.payload.real;
    case CT_BOOL: return value.payload.boolean;
    case CT_STRING: return std::string(value.payload.string);
    case CT_DEVICE:
      return c10::Device(
          static_cast<c10::DeviceType>(value.payload.device.type),
          static_cast<c10::DeviceIndex>(value.payload.device.index));
    case CT_INT_LIST: return scalarList(value.payload.integers, value.count);
    case CT_DOUBLE_LIST: return scalarList(value.payload.reals, value.count);
    case CT_TENSOR_LIST: return tensorList(value);
    case CT_OPTIONAL_TENSOR_LIST: return optionalTensorList(value);
    case CT_COMPLEX:
      return c10::complex<double>(value.payload.complex.real, value.payload.complex.imaginary);
    case CT_GENERATOR: return ct::borrow(value.payload.generator);
  }
  TORCH_CHECK(false, "unknown argument tag ", static_cast<int>(value.tag));
}

ct_value fromIValue(c10::IValue &value) {
  ct_value result{};
  if (value.isTensor()) {
    result.tag = CT_TENSOR;
    result.payload.tensor = ct::release(std::move(value).toTensor());
  } else if (value.isTensorList()) {
    auto list = value.toTensorVector();
    result.tag = CT_TENSOR_LIST;
    result.count = static_cast<int64_t>(list.size());
    auto *tensors = static_cast<ct_tensor *>(std::malloc(sizeof(ct_tensor) * (list.size() + 1)));
    TORCH_CHECK(tensors != nullptr, "out of memory");
    for (size_t i = 0; i < list.size(); i++) tensors[i] = ct::release(std::move(list[i]));
    result.payload.tensors = tensors;
  } else if (value.isInt()) {
    result.tag = CT_INT;
    result.payload.integer = value.toInt();
  } else if (value.isDouble()) {
    result.tag = CT_DOUBLE;
    result.payload.real = value.toDouble();
  } else if (value.isBool()) {
    result.tag = CT_BOOL;
    result.payload.boolean = value.toBool();
  } else {
    TORCH_CHECK(value.isNone(), "a result of type ", value.tagKind(), " is not supported");
  }
  return result;
}

}  // namespace

ct_error ct_operator_find(const char *name, const char *overload, ct_operator *out) {
  return ct::catching([&] {
    auto found = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
    *out = reinterpret_cast<ct_operator>(new c10::OperatorHandle(found));
  });
}

ct_error ct_operator_call(
    ct_operator op, const ct_value *arguments, size_t argumentCount, ct_value *results,
    size_t *resultCount) {
  return ct::catching([&] {
    const auto &schema = handle(op)->schema();
    const size_t expected = schema.arguments().size();
    TORCH_CHECK(
        argumentCount <= expected, "the call has ", argumentCount, " arguments, but at most ", expected,
        " are allowed; the schema is ", schema);
    TORCH_CHECK(
        schema.returns().size() <= *resultCount, "more than ", *resultCount,
        " results are not supported; the schema is ", schema);
    torch::jit::Stack stack;
    stack.reserve(std::max(expected, schema.returns().size()));
    for (size_t i = 0; i < argumentCount; i++) stack.push_back(toIValue(arguments[i], schema, i));
    for (size_t i = argumentCount; i < expected; i++) stack.push_back(defaultValue(schema, i));
    handle(op)->callBoxed(stack);
    *resultCount = stack.size();
    for (size_t i = 0; i < stack.size(); i++) results[i] = fromIValue(stack[i]);
  });
}

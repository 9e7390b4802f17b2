// Calls any ATen operator through the dispatcher: look it up once, then call it with tagged values.
//
// A boxed call costs about as much as a direct C++ call (1 µs for a small `add` with autograd) and
// needs no handwritten function per operator.
#ifndef CT_DISPATCH_H
#define CT_DISPATCH_H

#include "ct_generator.h"
#include "ct_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ct_tag {
  CT_NONE,
  /// The default value of this argument in the operator's schema.
  CT_DEFAULT,
  CT_TENSOR,
  CT_INT,
  CT_DOUBLE,
  CT_BOOL,
  CT_STRING,
  CT_DEVICE,
  CT_INT_LIST,
  CT_DOUBLE_LIST,
  CT_TENSOR_LIST,
  CT_OPTIONAL_TENSOR_LIST,
  CT_COMPLEX,
  CT_GENERATOR,
} ct_tag;

typedef struct ct_device {
  int32_t type;
  int32_t index;
} ct_device;

typedef struct ct_complex {
  double real;
  double imaginary;
} ct_complex;

/// One argument or result. Only lists use `count`.
typedef struct ct_value {
  ct_tag tag;
  int64_t count;
  union {
    ct_tensor tensor;
    int64_t integer;
    double real;
    bool boolean;
    const char *string;
    ct_device device;
    const int64_t *integers;
    const double *reals;
    ct_tensor *tensors;
    ct_complex complex;
    ct_generator generator;
  } payload;
} ct_value;

/// A c10::OperatorHandle; lives as long as the process.
typedef struct ct_operator_handle *ct_operator;

/// Looks up an operator, such as "aten::add" with the overload "Tensor".
ct_error ct_operator_find(const char *name, const char *overload, ct_operator *out);

/// Calls an operator. Arguments after `argument_count` have their default values.
///
/// The caller owns the resulting tensors. A list of tensors is an array, allocated with malloc, of
/// tensors that the caller owns. `result_count` is the capacity of `results` on entry and the
/// number of results on return.
ct_error ct_operator_call(
    ct_operator op, const ct_value *arguments, size_t argument_count, ct_value *results,
    size_t *result_count);

#ifdef __cplusplus
}
#endif
#endif

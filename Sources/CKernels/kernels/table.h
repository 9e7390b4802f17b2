// The kernels of one instruction set: included by one file for each, which names the table and the sizes of
// the register blocks.
#include "vector.h"
// In this order: each builds on those before.
#include "philox.h"
#include "multiply.h"
#include "attention.h"
#include "norm.h"
#include "gelu.h"

const ck_kernels TABLE = {
    .name = TABLE_NAME,
    .random_bits = random_bits,
    .multiply = multiply,
    .attention_forward = attention_forward,
    .attention_backward = attention_backward,
    .norm_forward = norm_forward,
    .norm_backward = norm_backward,
    .drop = drop,
    .gelu_forward = gelu_forward,
    .gelu_backward = gelu_backward,
};

// The kernels of one instruction set. One file per instruction set includes this file. It defines
// the name of the table and the sizes of the register blocks, and ADD_PAIRS if the processor
// multiplies pairs of bfloat16.
#include "vector.h"
// The order matters: each header uses those before it.
#include "philox.h"
#define MULTIPLY(part) multiply##part
#define ELEMENT float
#define ADD_PRODUCT(sum, factor, b) ((sum) += (factor) * (b))
#include "multiply.h"
#include "attention_common.h"
#ifdef ADD_PAIRS
#define MULTIPLY(part) multiply_pairs##part
#define ELEMENT uint32_t
#define ADD_PRODUCT(sum, factor, b) ((sum) = ADD_PAIRS(sum, (words)(factor), b))
#include "multiply.h"
#include "attention_pairs.h"
#endif
#include "attention.h"
#include "norm.h"
#include "gelu.h"
#include "adamw.h"

const ck_kernels TABLE = {
    .name = TABLE_NAME,
    .random_bits = random_bits,
    .multiply = multiply,
    .attention_forward = attention_forward,
    .attention_backward = attention_backward,
    .norm_forward = norm_forward,
    .norm_backward = norm_backward,
    .dropout = dropout,
    .gelu_forward = gelu_forward,
    .gelu_backward = gelu_backward,
    .adamw = adamw,
};

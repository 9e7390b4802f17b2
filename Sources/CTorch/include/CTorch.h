// C interface to libtorch.
//
// The interface is plain C, so that no importing module needs C++ interoperability. No function
// throws, because a C++ exception that reaches Swift ends the process without a message. Functions
// report a failure as a `ct_error`: NULL on success, otherwise libtorch's message, allocated with
// malloc and owned by the caller (`ct_error_free`).
//
// Ownership: a `ct_tensor` returned through an `out` parameter is one reference, owned by the
// caller (`ct_tensor_release`). A `ct_tensor` argument is borrowed. NULL is the undefined tensor.
#ifndef CTORCH_H
#define CTORCH_H

#include "ct_autocast.h"
#include "ct_autograd.h"
#include "ct_base.h"
#include "ct_dispatch.h"
#include "ct_generator.h"
#include "ct_gloo.h"
#include "ct_readback.h"
#include "ct_storage.h"
#include "ct_stream.h"
#include "ct_tensor.h"

#endif

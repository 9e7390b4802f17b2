// C interface to libtorch: everything that Swift cannot do itself.
//
// Swift sees plain C, so no importer needs C++ interoperability. Every function is noexcept inside
// and reports failure as a value: a `ct_error` that is NULL on success, else libtorch's message,
// allocated with malloc and owned by the caller (`ct_error_free`). A C++ exception that reached
// Swift would end the process without a word.
//
// Ownership: a `ct_tensor` returned through an `out` parameter is one reference owned by the
// caller (`ct_tensor_release`); a `ct_tensor` passed in is borrowed. NULL is the undefined tensor.
#ifndef CTORCH_H
#define CTORCH_H

#include "ct_autocast.h"
#include "ct_autograd.h"
#include "ct_base.h"
#include "ct_checksum.h"
#include "ct_dispatch.h"
#include "ct_generator.h"
#include "ct_gloo.h"
#include "ct_readback.h"
#include "ct_storage.h"
#include "ct_stream.h"
#include "ct_tensor.h"

#endif

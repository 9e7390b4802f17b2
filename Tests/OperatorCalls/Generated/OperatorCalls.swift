// Written by Scripts/generate-operators from libtorch's schemas; do not edit.

import Torch

/// The generated functions by the name of their operator.
nonisolated(unsafe) let operatorCalls: [String: (OperatorCall) throws -> [Tensor]] = {
  var calls: [String: (OperatorCall) throws -> [Tensor]] = [:]
  calls.merge(calls0()) { first, _ in first }
  calls.merge(calls1()) { first, _ in first }
  calls.merge(calls2()) { first, _ in first }
  calls.merge(calls3()) { first, _ in first }
  calls.merge(calls4()) { first, _ in first }
  calls.merge(calls5()) { first, _ in first }
  calls.merge(calls6()) { first, _ in first }
  calls.merge(calls7()) { first, _ in first }
  calls.merge(calls8()) { first, _ in first }
  calls.merge(calls9()) { first, _ in first }
  calls.merge(calls10()) { first, _ in first }
  calls.merge(calls11()) { first, _ in first }
  calls.merge(calls12()) { first, _ in first }
  calls.merge(calls13()) { first, _ in first }
  calls.merge(calls14()) { first, _ in first }
  calls.merge(calls15()) { first, _ in first }
  calls.merge(calls16()) { first, _ in first }
  calls.merge(calls17()) { first, _ in first }
  calls.merge(calls18()) { first, _ in first }
  calls.merge(calls19()) { first, _ in first }
  calls.merge(calls20()) { first, _ in first }
  calls.merge(calls21()) { first, _ in first }
  return calls
}()

private func calls0() -> [String: (OperatorCall) throws -> [Tensor]] {
  [
    "abs": { call in try [call.tensor(0).abs()] },
    "abs_": { call in try [call.tensor(0).abs_()] },
    "acos": { call in try [call.tensor(0).acos()] },
    "acos_": { call in try [call.tensor(0).acos_()] },
    "acosh": { call in try [call.tensor(0).acosh()] },
    "acosh_": { call in try [call.tensor(0).acosh_()] },
    "add.Tensor": { call in try [call.tensor(0).add(call.tensor(1), alpha: call.scalar(2))] },
    "add.Scalar": { call in try [call.tensor(0).add(call.scalar(1), alpha: call.scalar(2))] },
    "add_.Tensor": { call in try [call.tensor(0).add_(call.tensor(1), alpha: call.scalar(2))] },
    "add_.Scalar": { call in try [call.tensor(0).add_(call.scalar(1), alpha: call.scalar(2))] },
    "addcdiv": { call in
      try [call.tensor(0).addcdiv(call.tensor(1), call.tensor(2), value: call.scalar(3))]
    },
    "addcdiv_": { call in
      try [call.tensor(0).addcdiv_(call.tensor(1), call.tensor(2), value: call.scalar(3))]
    },
    "addcmul": { call in
      try [call.tensor(0).addcmul(call.tensor(1), call.tensor(2), value: call.scalar(3))]
    },
    "addcmul_": { call in
      try [call.tensor(0).addcmul_(call.tensor(1), call.tensor(2), value: call.scalar(3))]
    },
    "angle": { call in try [call.tensor(0).angle()] },
    "asin": { call in try [call.tensor(0).asin()] },
    "asin_": { call in try [call.tensor(0).asin_()] },
    "asinh": { call in try [call.tensor(0).asinh()] },
    "asinh_": { call in try [call.tensor(0).asinh_()] },
    "atan": { call in try [call.tensor(0).atan()] },
    "atan_": { call in try [call.tensor(0).atan_()] },
    "atan2": { call in try [call.tensor(0).atan2(call.tensor(1))] },
    "atan2_": { call in try [call.tensor(0).atan2_(call.tensor(1))] },
    "atanh": { call in try [call.tensor(0).atanh()] },
    "atanh_": { call in try [call.tensor(0).atanh_()] },
    "bitwise_and.Tensor": { call in try [call.tensor(0).bitwiseAnd(call.tensor(1))] },
    "bitwise_and_.Tensor": { call in try [call.tensor(0).bitwiseAnd_(call.tensor(1))] },
    "bitwise_and.Scalar": { call in try [call.tensor(0).bitwiseAnd(call.scalar(1))] },
    "bitwise_and_.Scalar": { call in try [call.tensor(0).bitwiseAnd_(call.scalar(1))] },
    "bitwise_left_shift.Tensor": { call in try [call.tensor(0).bitwiseLeftShift(call.tensor(1))] },
    "bitwise_left_shift_.Tensor": { call in try [call.tensor(0).bitwiseLeftShift_(call.tensor(1))]
    },
    "bitwise_left_shift.Tensor_Scalar": { call in
      try [call.tensor(0).bitwiseLeftShift(call.scalar(1))]
    },
    "bitwise_left_shift_.Tensor_Scalar": { call in
      try [call.tensor(0).bitwiseLeftShift_(call.scalar(1))]
    },
    "bitwise_not": { call in try [call.tensor(0).bitwiseNot()] },
    "bitwise_not_": { call in try [call.tensor(0).bitwiseNot_()] },
    "bitwise_or.Tensor": { call in try [call.tensor(0).bitwiseOr(call.tensor(1))] },
    "bitwise_or_.Tensor": { call in try [call.tensor(0).bitwiseOr_(call.tensor(1))] },
    "bitwise_or.Scalar": { call in try [call.tensor(0).bitwiseOr(call.scalar(1))] },
    "bitwise_or_.Scalar": { call in try [call.tensor(0).bitwiseOr_(call.scalar(1))] },
    "bitwise_right_shift.Tensor": { call in try [call.tensor(0).bitwiseRightShift(call.tensor(1))]
    },
  ]
}

private func calls1() -> [String: (OperatorCall) throws -> [Tensor]] {
  [
    "bitwise_right_shift_.Tensor": { call in try [call.tensor(0).bitwiseRightShift_(call.tensor(1))]
    },
    "bitwise_right_shift.Tensor_Scalar": { call in
      try [call.tensor(0).bitwiseRightShift(call.scalar(1))]
    },
    "bitwise_right_shift_.Tensor_Scalar": { call in
      try [call.tensor(0).bitwiseRightShift_(call.scalar(1))]
    },
    "bitwise_xor.Tensor": { call in try [call.tensor(0).bitwiseXor(call.tensor(1))] },
    "bitwise_xor_.Tensor": { call in try [call.tensor(0).bitwiseXor_(call.tensor(1))] },
    "bitwise_xor.Scalar": { call in try [call.tensor(0).bitwiseXor(call.scalar(1))] },
    "bitwise_xor_.Scalar": { call in try [call.tensor(0).bitwiseXor_(call.scalar(1))] },
    "ceil": { call in try [call.tensor(0).ceil()] },
    "ceil_": { call in try [call.tensor(0).ceil_()] },
    "clamp": { call in
      try [call.tensor(0).clamp(min: call.optionalScalar(1), max: call.optionalScalar(2))]
    },
    "clamp_": { call in
      try [call.tensor(0).clamp_(min: call.optionalScalar(1), max: call.optionalScalar(2))]
    },
    "clamp.Tensor": { call in
      try [call.tensor(0).clamp(min: call.optionalTensor(1), max: call.optionalTensor(2))]
    },
    "clamp_.Tensor": { call in
      try [call.tensor(0).clamp_(min: call.optionalTensor(1), max: call.optionalTensor(2))]
    },
    "clamp_max": { call in try [call.tensor(0).clampMax(call.scalar(1))] },
    "clamp_max_": { call in try [call.tensor(0).clampMax_(call.scalar(1))] },
    "clamp_max.Tensor": { call in try [call.tensor(0).clampMax(call.tensor(1))] },
    "clamp_max_.Tensor": { call in try [call.tensor(0).clampMax_(call.tensor(1))] },
    "clamp_min": { call in try [call.tensor(0).clampMin(call.scalar(1))] },
    "clamp_min_": { call in try [call.tensor(0).clampMin_(call.scalar(1))] },
    "clamp_min.Tensor": { call in try [call.tensor(0).clampMin(call.tensor(1))] },
    "clamp_min_.Tensor": { call in try [call.tensor(0).clampMin_(call.tensor(1))] },
    "complex": { call in try [call.tensor(0).complex(call.tensor(1))] },
    "conj": { call in try [call.tensor(0).conj()] },
    "conj_physical": { call in try [call.tensor(0).conjPhysical()] },
    "conj_physical_": { call in try [call.tensor(0).conjPhysical_()] },
    "copysign.Tensor": { call in try [call.tensor(0).copysign(call.tensor(1))] },
    "copysign.Scalar": { call in try [call.tensor(0).copysign(call.scalar(1))] },
    "copysign_.Tensor": { call in try [call.tensor(0).copysign_(call.tensor(1))] },
    "copysign_.Scalar": { call in try [call.tensor(0).copysign_(call.scalar(1))] },
    "cos": { call in try [call.tensor(0).cos()] },
    "cos_": { call in try [call.tensor(0).cos_()] },
    "cosh": { call in try [call.tensor(0).cosh()] },
    "cosh_": { call in try [call.tensor(0).cosh_()] },
    "deg2rad": { call in try [call.tensor(0).deg2rad()] },
    "deg2rad_": { call in try [call.tensor(0).deg2rad_()] },
    "digamma": { call in try [call.tensor(0).digamma()] },
    "digamma_": { call in try [call.tensor(0).digamma_()] },
    "div.Tensor": { call in try [call.tensor(0).div(call.tensor(1))] },
    "div.Scalar": { call in try [call.tensor(0).div(call.scalar(1))] },
    "div.Tensor_mode": { call in
      try [call.tensor(0).div(call.tensor(1), roundingMode: call.optionalChoice(2))]
    },
  ]
}

private func calls2() -> [String: (OperatorCall) throws -> [Tensor]] {
  [
    "div.Scalar_mode": { call in
      try [call.tensor(0).div(call.scalar(1), roundingMode: call.optionalChoice(2))]
    },
    "div_.Tensor": { call in try [call.tensor(0).div_(call.tensor(1))] },
    "div_.Scalar": { call in try [call.tensor(0).div_(call.scalar(1))] },
    "div_.Tensor_mode": { call in
      try [call.tensor(0).div_(call.tensor(1), roundingMode: call.optionalChoice(2))]
    },
    "div_.Scalar_mode": { call in
      try [call.tensor(0).div_(call.scalar(1), roundingMode: call.optionalChoice(2))]
    },
    "erf": { call in try [call.tensor(0).erf()] },
    "erf_": { call in try [call.tensor(0).erf_()] },
    "erfc": { call in try [call.tensor(0).erfc()] },
    "erfc_": { call in try [call.tensor(0).erfc_()] },
    "erfinv": { call in try [call.tensor(0).erfinv()] },
    "erfinv_": { call in try [call.tensor(0).erfinv_()] },
    "exp": { call in try [call.tensor(0).exp()] },
    "exp_": { call in try [call.tensor(0).exp_()] },
    "exp2": { call in try [call.tensor(0).exp2()] },
    "exp2_": { call in try [call.tensor(0).exp2_()] },
    "expm1": { call in try [call.tensor(0).expm1()] },
    "expm1_": { call in try [call.tensor(0).expm1_()] },
    "float_power.Tensor_Scalar": { call in try [call.tensor(0).floatPower(call.scalar(1))] },
    "float_power.Tensor_Tensor": { call in try [call.tensor(0).floatPower(call.tensor(1))] },
    "floor": { call in try [call.tensor(0).floor()] },
    "floor_": { call in try [call.tensor(0).floor_()] },
    "floor_divide": { call in try [call.tensor(0).floorDivide(call.tensor(1))] },
    "floor_divide.Scalar": { call in try [call.tensor(0).floorDivide(call.scalar(1))] },
    "floor_divide_.Scalar": { call in try [call.tensor(0).floorDivide_(call.scalar(1))] },
    "fmax": { call in try [call.tensor(0).fmax(call.tensor(1))] },
    "fmin": { call in try [call.tensor(0).fmin(call.tensor(1))] },
    "fmod.Tensor": { call in try [call.tensor(0).fmod(call.tensor(1))] },
    "fmod.Scalar": { call in try [call.tensor(0).fmod(call.scalar(1))] },
    "fmod_.Tensor": { call in try [call.tensor(0).fmod_(call.tensor(1))] },
    "fmod_.Scalar": { call in try [call.tensor(0).fmod_(call.scalar(1))] },
    "frac": { call in try [call.tensor(0).frac()] },
    "frac_": { call in try [call.tensor(0).frac_()] },
    "frexp.Tensor": { call in
      let r = try call.tensor(0).frexp(); return [r.mantissa, r.exponent]
    },
    "gcd": { call in try [call.tensor(0).gcd(call.tensor(1))] },
    "gcd_": { call in try [call.tensor(0).gcd_(call.tensor(1))] },
    "heaviside": { call in try [call.tensor(0).heaviside(call.tensor(1))] },
    "heaviside_": { call in try [call.tensor(0).heaviside_(call.tensor(1))] },
    "hypot": { call in try [call.tensor(0).hypot(call.tensor(1))] },
    "hypot_": { call in try [call.tensor(0).hypot_(call.tensor(1))] },
    "i0": { call in try [call.tensor(0).i0()] },
  ]
}

private func calls3() -> [String: (OperatorCall) throws -> [Tensor]] {
  [
    "i0_": { call in try [call.tensor(0).i0_()] },
    "igamma": { call in try [call.tensor(0).igamma(call.tensor(1))] },
    "igamma_": { call in try [call.tensor(0).igamma_(call.tensor(1))] },
    "igammac": { call in try [call.tensor(0).igammac(call.tensor(1))] },
    "igammac_": { call in try [call.tensor(0).igammac_(call.tensor(1))] },
    "imag": { call in try [call.tensor(0).imag()] },
    "lcm": { call in try [call.tensor(0).lcm(call.tensor(1))] },
    "lcm_": { call in try [call.tensor(0).lcm_(call.tensor(1))] },
    "ldexp.Tensor": { call in try [call.tensor(0).ldexp(call.tensor(1))] },
    "lerp.Scalar": { call in try [call.tensor(0).lerp(call.tensor(1), call.scalar(2))] },
    "lerp.Tensor": { call in try [call.tensor(0).lerp(call.tensor(1), call.tensor(2))] },
    "lerp_.Scalar": { call in try [call.tensor(0).lerp_(call.tensor(1), call.scalar(2))] },
    "lerp_.Tensor": { call in try [call.tensor(0).lerp_(call.tensor(1), call.tensor(2))] },
    "lgamma": { call in try [call.tensor(0).lgamma()] },
    "lgamma_": { call in try [call.tensor(0).lgamma_()] },
    "log": { call in try [call.tensor(0).log()] },
    "log_": { call in try [call.tensor(0).log_()] },
    "log10": { call in try [call.tensor(0).log10()] },
    "log10_": { call in try [call.tensor(0).log10_()] },
    "log1p": { call in try [call.tensor(0).log1p()] },
    "log1p_": { call in try [call.tensor(0).log1p_()] },
    "log2": { call in try [call.tensor(0).log2()] },
    "log2_": { call in try [call.tensor(0).log2_()] },
    "logaddexp": { call in try [call.tensor(0).logAddExp(call.tensor(1))] },
    "logaddexp2": { call in try [call.tensor(0).logAddExp2(call.tensor(1))] },
    "logical_and": { call in try [call.tensor(0).logicalAnd(call.tensor(1))] },
    "logical_and_": { call in try [call.tensor(0).logicalAnd_(call.tensor(1))] },
    "logical_not": { call in try [call.tensor(0).logicalNot()] },
    "logical_not_": { call in try [call.tensor(0).logicalNot_()] },
    "logical_or": { call in try [call.tensor(0).logicalOr(call.tensor(1))] },
    "logical_or_": { call in try [call.tensor(0).logicalOr_(call.tensor(1))] },
    "logical_xor": { call in try [call.tensor(0).logicalXor(call.tensor(1))] },
    "logical_xor_": { call in try [call.tensor(0).logicalXor_(call.tensor(1))] },
    "logit": { call in try [call.tensor(0).logit(eps: call.optionalDouble(1))] },
    "logit_": { call in try [call.tensor(0).logit_(eps: call.optionalDouble(1))] },
    "maximum": { call in try [call.tensor(0).maximum(call.tensor(1))] },
    "minimum": { call in try [call.tensor(0).minimum(call.tensor(1))] },
    "mul.Tensor": { call in try [call.tensor(0).mul(call.tensor(1))] },
    "mul.Scalar": { call in try [call.tensor(0).mul(call.scalar(1))] },
    "mul_.Tensor": { call in try [call.tensor(0).mul_(call.tensor(1))] },
  ]
}

private func calls4() -> [String: (OperatorCall) throws -> [Tensor]] {
  [
    "mul_.Scalar": { call in try [call.tensor(0).mul_(call.scalar(1))] },
    "mvlgamma": { call in try [call.tensor(0).mvLgamma(call.int(1))] },
    "mvlgamma_": { call in try [call.tensor(0).mvLgamma_(call.int(1))] },
    "nan_to_num": { call in
      try [
        call.tensor(0).nanToNum(
          nan: call.optionalDouble(1), posInf: call.optionalDouble(2),
          negInf: call.optionalDouble(3))
      ]
    },
    "nan_to_num_": { call in
      try [
        call.tensor(0).nanToNum_(
          nan: call.optionalDouble(1), posInf: call.optionalDouble(2),
          negInf: call.optionalDouble(3))
      ]
    },
    "neg": { call in try [call.tensor(0).neg()] },
    "neg_": { call in try [call.tensor(0).neg_()] },
    "nextafter": { call in try [call.tensor(0).nextAfter(call.tensor(1))] },
    "nextafter_": { call in try [call.tensor(0).nextAfter_(call.tensor(1))] },
    "polygamma": { call in try [call.tensor(1).polygamma(call.int(0))] },
    "positive": { call in try [call.tensor(0).positive()] },
    "pow.Tensor_Scalar": { call in try [call.tensor(0).pow(call.scalar(1))] },
    "pow.Tensor_Tensor": { call in try [call.tensor(0).pow(call.tensor(1))] },
    "pow.Scalar": { call in try [Tensor.pow(call.scalar(0), call.tensor(1))] },
    "rad2deg": { call in try [call.tensor(0).rad2deg()] },
    "rad2deg_": { call in try [call.tensor(0).rad2deg_()] },
    "real": { call in try [call.tensor(0).real()] },
    "reciprocal": { call in try [call.tensor(0).reciprocal()] },
    "reciprocal_": { call in try [call.tensor(0).reciprocal_()] },
    "remainder.Scalar": { call in try [call.tensor(0).remainder(call.scalar(1))] },
    "remainder_.Scalar": { call in try [call.tensor(0).remainder_(call.scalar(1))] },
    "remainder.Tensor": { call in try [call.tensor(0).remainder(call.tensor(1))] },
    "remainder_.Tensor": { call in try [call.tensor(0).remainder_(call.tensor(1))] },
    "remainder.Scalar_Tensor": { call in try [Tensor.remainder(call.scalar(0), call.tensor(1))] },
    "resolve_conj": { call in try [call.tensor(0).resolveConj()] },
    "resolve_neg": { call in try [call.tensor(0).resolveNeg()] },
    "round": { call in try [call.tensor(0).round()] },
    "round_": { call in try [call.tensor(0).round_()] },
    "round.decimals": { call in try [call.tensor(0).round(decimals: call.int(1))] },
    "round_.decimals": { call in try [call.tensor(0).round_(decimals: call.int(1))] },
    "rsqrt": { call in try [call.tensor(0).rsqrt()] },
    "rsqrt_": { call in try [call.tensor(0).rsqrt_()] },
    "rsub.Tensor": { call in try [call.tensor(0).rsub(call.tensor(1), alpha: call.scalar(2))] },
    "rsub.Scalar": { call in try [call.tensor(0).rsub(call.scalar(1), alpha: call.scalar(2))] },
    "sgn": { call in try [call.tensor(0).sgn()] },
    "sgn_": { call in try [call.tensor(0).sgn_()] },
    "sigmoid": { call in try [call.tensor(0).sigmoid()] },
    "sigmoid_": { call in try [call.tensor(0).sigmoid_()] },
    "sign": { call in try [call.tensor(0).sign()] },
    "sign_": { call in try [call.tensor(0).sign_()] },
  ]
}

private func calls5() -> [String: (OperatorCall) throws -> [Tensor]] {
  [
    "signbit": { call in try [call.tensor(0).signbit()] },
    "sin": { call in try [call.tensor(0).sin()] },
    "sin_": { call in try [call.tensor(0).sin_()] },
    "sinc": { call in try [call.tensor(0).sinc()] },
    "sinc_": { call in try [call.tensor(0).sinc_()] },
    "sinh": { call in try [call.tensor(0).sinh()] },
    "sinh_": { call in try [call.tensor(0).sinh_()] },
    "sqrt": { call in try [call.tensor(0).sqrt()] },
    "sqrt_": { call in try [call.tensor(0).sqrt_()] },
    "square": { call in try [call.tensor(0).square()] },
    "square_": { call in try [call.tensor(0).square_()] },
    "sub.Tensor": { call in try [call.tensor(0).sub(call.tensor(1), alpha: call.scalar(2))] },
    "sub.Scalar": { call in try [call.tensor(0).sub(call.scalar(1), alpha: call.scalar(2))] },
    "sub_.Tensor": { call in try [call.tensor(0).sub_(call.tensor(1), alpha: call.scalar(2))] },
    "sub_.Scalar": { call in try [call.tensor(0).sub_(call.scalar(1), alpha: call.scalar(2))] },
    "tan": { call in try [call.tensor(0).tan()] },
    "tan_": { call in try [call.tensor(0).tan_()] },
    "tanh": { call in try [call.tensor(0).tanh()] },
    "tanh_": { call in try [call.tensor(0).tanh_()] },
    "trunc": { call in try [call.tensor(0).trunc()] },
    "trunc_": { call in try [call.tensor(0).trunc_()] },
    "xlogy.Scalar_Other": { call in try [call.tensor(0).xLogY(call.scalar(1))] },
    "xlogy_.Scalar_Other": { call in try [call.tensor(0).xLogY_(call.scalar(1))] },
    "xlogy.Tensor": { call in try [call.tensor(0).xLogY(call.tensor(1))] },
    "xlogy_.Tensor": { call in try [call.tensor(0).xLogY_(call.tensor(1))] },
    "allclose": { call in
      try [
        Tensor(
          call.tensor(0).allClose(
            call.tensor(1), rtol: call.double(2), atol: call.double(3), equalNan: call.bool(4)))
      ]
    },
    "bucketize.Tensor": { call in
      try [call.tensor(0).bucketize(call.tensor(1), outInt32: call.bool(2), right: call.bool(3))]
    },
    "eq.Tensor": { call in try [call.tensor(0).eq(call.tensor(1))] },
    "eq.Scalar": { call in try [call.tensor(0).eq(call.scalar(1))] },
    "eq_.Tensor": { call in try [call.tensor(0).eq_(call.tensor(1))] },
    "eq_.Scalar": { call in try [call.tensor(0).eq_(call.scalar(1))] },
    "equal": { call in try [Tensor(call.tensor(0).equal(call.tensor(1)))] },
    "ge.Tensor": { call in try [call.tensor(0).ge(call.tensor(1))] },
    "ge.Scalar": { call in try [call.tensor(0).ge(call.scalar(1))] },
    "ge_.Tensor": { call in try [call.tensor(0).ge_(call.tensor(1))] },
    "ge_.Scalar": { call in try [call.tensor(0).ge_(call.scalar(1))] },
    "gt.Tensor": { call in try [call.tensor(0).gt(call.tensor(1))] },
    "gt.Scalar": { call in try [call.tensor(0).gt(call.scalar(1))] },
    "gt_.Tensor": { call in try [call.tensor(0).gt_(call.tensor(1))] },
    "gt_.Scalar": { call in try [call.tensor(0).gt_(call.scalar(1))] },
  ]
}

private func calls6() -> [String: (OperatorCall) throws -> [Tensor]] {
  [
    "isclose": { call in
      try [
        call.tensor(0).isClose(
          call.tensor(1), rtol: call.double(2), atol: call.double(3), equalNan: call.bool(4))
      ]
    },
    "isfinite": { call in try [call.tensor(0).isFinite()] },
    "isin.Tensor_Tensor": { call in
      try [call.tensor(0).isIn(call.tensor(1), assumeUnique: call.bool(2), invert: call.bool(3))]
    },
    "isin.Tensor_Scalar": { call in
      try [call.tensor(0).isIn(call.scalar(1), assumeUnique: call.bool(2), invert: call.bool(3))]
    },
    "isinf": { call in try [call.tensor(0).isInf()] },
    "isnan": { call in try [call.tensor(0).isNaN()] },
    "isneginf": { call in try [call.tensor(0).isNegInf()] },
    "isposinf": { call in try [call.tensor(0).isPosInf()] },
    "isreal": { call in try [call.tensor(0).isReal()] },
    "le.Tensor": { call in try [call.tensor(0).le(call.tensor(1))] },
    "le.Scalar": { call in try [call.tensor(0).le(call.scalar(1))] },
    "le_.Tensor": { call in try [call.tensor(0).le_(call.tensor(1))] },
    "le_.Scalar": { call in try [call.tensor(0).le_(call.scalar(1))] },
    "lt.Tensor": { call in try [call.tensor(0).lt(call.tensor(1))] },
    "lt.Scalar": { call in try [call.tensor(0).lt(call.scalar(1))] },
    "lt_.Tensor": { call in try [call.tensor(0).lt_(call.tensor(1))] },
    "lt_.Scalar": { call in try [call.tensor(0).lt_(call.scalar(1))] },
    "ne.Tensor": { call in try [call.tensor(0).ne(call.tensor(1))] },
    "ne.Scalar": { call in try [call.tensor(0).ne(call.scalar(1))] },
    "ne_.Tensor": { call in try [call.tensor(0).ne_(call.tensor(1))] },
    "ne_.Scalar": { call in try [call.tensor(0).ne_(call.scalar(1))] },
    "is_complex": { call in try [Tensor(call.tensor(0).isComplex())] },
    "is_conj": { call in try [Tensor(call.tensor(0).isConj())] },
    "is_floating_point": { call in try [Tensor(call.tensor(0).isFloatingPoint())] },
    "is_neg": { call in try [Tensor(call.tensor(0).isNeg())] },
    "is_nonzero": { call in try [Tensor(call.tensor(0).isNonzero())] },
    "is_same_size": { call in try [Tensor(call.tensor(0).isSameSize(call.tensor(1)))] },
    "is_set_to": { call in try [Tensor(call.tensor(0).isSetTo(call.tensor(1)))] },
    "is_signed": { call in try [Tensor(call.tensor(0).isSigned())] },
    "is_inference": { call in try [Tensor(call.tensor(0).isInference())] },
    "is_pinned": { call in try [Tensor(call.tensor(0).isPinned())] },
    "searchsorted.Tensor": { call in
      try [
        call.tensor(0).searchSorted(
          call.tensor(1), outInt32: call.bool(2), right: call.bool(3),
          sorter: call.optionalTensor(5))
      ]
    },
    "searchsorted.Scalar": { call in
      try [
        call.tensor(0).searchSorted(
          call.scalar(1), outInt32: call.bool(2), right: call.bool(3),
          sorter: call.optionalTensor(5))
      ]
    },
    "all": { call in try [call.tensor(0).all()] },
    "all.dim": { call in try [call.tensor(0).all(dim: call.int(1), keepDim: call.bool(2))] },
    "all.dims": { call in try [call.tensor(0).all(dim: call.optionalInts(1), keepDim: call.bool(2))]
    },
    "amax": { call in try [call.tensor(0).amax(dim: call.ints(1), keepDim: call.bool(2))] },
    "amin": { call in try [call.tensor(0).amin(dim: call.ints(1), keepDim: call.bool(2))] },
    "aminmax": { call in
      let r = try call.tensor(0).aminmax(dim: call.optionalInt(1), keepDim: call.bool(2));
      return [r.min, r.max]
    },
    "any": { call in try [call.tensor(0).any()] },
  ]
}

private func calls7() -> [String: (OperatorCall) throws -> [Tensor]] {
  [
    "any.dim": { call in try [call.tensor(0).any(dim: call.int(1), keepDim: call.bool(2))] },
    "any.dims": { call in try [call.tensor(0).any(dim: call.optionalInts(1), keepDim: call.bool(2))]
    },
    "argmax": { call in try [call.tensor(0).argmax(dim: call.optionalInt(1), keepDim: call.bool(2))]
    },
    "argmin": { call in try [call.tensor(0).argmin(dim: call.optionalInt(1), keepDim: call.bool(2))]
    },
    "count_nonzero": { call in try [call.tensor(0).countNonzero(dim: call.optionalInt(1))] },
    "count_nonzero.dim_IntList": { call in try [call.tensor(0).countNonzero(dim: call.ints(1))] },
    "cummax": { call in
      let r = try call.tensor(0).cummax(dim: call.int(1)); return [r.values, r.indices]
    },
    "cummin": { call in
      let r = try call.tensor(0).cummin(dim: call.int(1)); return [r.values, r.indices]
    },
    "cumprod": { call in
      try [call.tensor(0).cumprod(dim: call.int(1), dtype: call.optionalDType(2))]
    },
    "cumprod_": { call in
      try [call.tensor(0).cumprod_(dim: call.int(1), dtype: call.optionalDType(2))]
    },
    "cumsum": { call in try [call.tensor(0).cumsum(dim: call.int(1), dtype: call.optionalDType(2))]
    },
    "cumsum_": { call in
      try [call.tensor(0).cumsum_(dim: call.int(1), dtype: call.optionalDType(2))]
    },
    "cumulative_trapezoid.dx": { call in
      try [call.tensor(0).cumulativeTrapezoid(dx: call.scalar(1), dim: call.int(2))]
    },
    "cumulative_trapezoid.x": { call in
      try [call.tensor(0).cumulativeTrapezoid(x: call.tensor(1), dim: call.int(2))]
    },
    "dist": { call in try [call.tensor(0).dist(call.tensor(1), p: call.scalar(2))] },
    "hash_tensor": { call in
      try [call.tensor(0).hashTensor(dim: call.ints(1), keepDim: call.bool(2))]
    },
    "kthvalue": { call in
      let r = try call.tensor(0).kthValue(call.int(1), dim: call.int(2), keepDim: call.bool(3));
      return [r.values, r.indices]
    },
    "logcumsumexp": { call in try [call.tensor(0).logCumSumExp(dim: call.int(1))] },
    "logsumexp": { call in try [call.tensor(0).logSumExp(dim: call.ints(1), keepDim: call.bool(2))]
    },
    "max": { call in try [call.tensor(0).max()] },
    "max.dim": { call in
      let r = try call.tensor(0).max(dim: call.int(1), keepDim: call.bool(2));
      return [r.values, r.indices]
    },
    "max.other": { call in try [call.tensor(0).max(call.tensor(1))] },
    "mean": { call in try [call.tensor(0).mean(dtype: call.optionalDType(1))] },
    "mean.dim": { call in
      try [
        call.tensor(0).mean(
          dim: call.optionalInts(1), keepDim: call.bool(2), dtype: call.optionalDType(3))
      ]
    },
    "median": { call in try [call.tensor(0).median()] },
    "median.dim": { call in
      let r = try call.tensor(0).median(dim: call.int(1), keepDim: call.bool(2));
      return [r.values, r.indices]
    },
    "min": { call in try [call.tensor(0).min()] },
    "min.dim": { call in
      let r = try call.tensor(0).min(dim: call.int(1), keepDim: call.bool(2));
      return [r.values, r.indices]
    },
    "min.other": { call in try [call.tensor(0).min(call.tensor(1))] },
    "mode": { call in
      let r = try call.tensor(0).mode(dim: call.int(1), keepDim: call.bool(2));
      return [r.values, r.indices]
    },
    "nanmean": { call in
      try [
        call.tensor(0).nanMean(
          dim: call.optionalInts(1), keepDim: call.bool(2), dtype: call.optionalDType(3))
      ]
    },
    "nanmedian": { call in try [call.tensor(0).nanMedian()] },
    "nanmedian.dim": { call in
      let r = try call.tensor(0).nanMedian(dim: call.int(1), keepDim: call.bool(2));
      return [r.values, r.indices]
    },
    "nanquantile": { call in
      try [
        call.tensor(0).nanQuantile(
          call.tensor(1), dim: call.optionalInt(2), keepDim: call.bool(3),
          interpolation: call.choice(4))
      ]
    },
    "nanquantile.scalar": { call in
      try [
        call.tensor(0).nanQuantile(
          call.double(1), dim: call.optionalInt(2), keepDim: call.bool(3),
          interpolation: call.choice(4))
      ]
    },
    "nuclear_norm": { call in try [call.tensor(0).nuclearNorm(keepDim: call.bool(1))] },
    "nuclear_norm.dim": { call in
      try [call.tensor(0).nuclearNorm(dim: call.ints(1), keepDim: call.bool(2))]
    },
    "nansum": { call in
      try [
        call.tensor(0).nanSum(
          dim: call.optionalInts(1), keepDim: call.bool(2), dtype: call.optionalDType(3))
      ]
    },
    "norm.Scalar": { call in try [call.tensor(0).norm(p: call.scalar(1))] },
    "norm.ScalarOpt_dim": { call in
      try [call.tensor(0).norm(p: call.optionalScalar(1), dim: call.ints(2), keepDim: call.bool(3))]
    },
  ]
}

private func calls8() -> [String: (OperatorCall) throws -> [Tensor]] {
  [
    "norm_except_dim": { call in
      try [call.tensor(0).normExceptDim(pow: call.int(1), dim: call.int(2))]
    },
    "prod": { call in try [call.tensor(0).prod(dtype: call.optionalDType(1))] },
    "prod.dim_int": { call in
      try [
        call.tensor(0).prod(dim: call.int(1), keepDim: call.bool(2), dtype: call.optionalDType(3))
      ]
    },
    "quantile": { call in
      try [
        call.tensor(0).quantile(
          call.tensor(1), dim: call.optionalInt(2), keepDim: call.bool(3),
          interpolation: call.choice(4))
      ]
    },
    "quantile.scalar": { call in
      try [
        call.tensor(0).quantile(
          call.double(1), dim: call.optionalInt(2), keepDim: call.bool(3),
          interpolation: call.choice(4))
      ]
    },
    "std.correction": { call in
      try [
        call.tensor(0).std(
          dim: call.optionalInts(1), correction: call.optionalScalar(2), keepDim: call.bool(3))
      ]
    },
    "std_mean.correction": { call in
      let r = try call.tensor(0).stdMean(
        dim: call.optionalInts(1), correction: call.optionalScalar(2), keepDim: call.bool(3));
      return [r.std, r.mean]
    },
    "sum": { call in try [call.tensor(0).sum(dtype: call.optionalDType(1))] },
    "sum.dim_IntList": { call in
      try [
        call.tensor(0).sum(
          dim: call.optionalInts(1), keepDim: call.bool(2), dtype: call.optionalDType(3))
      ]
    },
    "sum_to_size": { call in try [call.tensor(0).sumToSize(call.ints(1))] },
    "trapezoid.dx": { call in try [call.tensor(0).trapezoid(dx: call.scalar(1), dim: call.int(2))]
    },
    "trapezoid.x": { call in try [call.tensor(0).trapezoid(x: call.tensor(1), dim: call.int(2))] },
    "var.correction": { call in
      try [
        call.tensor(0).var(
          dim: call.optionalInts(1), correction: call.optionalScalar(2), keepDim: call.bool(3))
      ]
    },
    "var_mean.correction": { call in
      let r = try call.tensor(0).varMean(
        dim: call.optionalInts(1), correction: call.optionalScalar(2), keepDim: call.bool(3));
      return [r.var, r.mean]
    },
    "argsort": { call in try [call.tensor(0).argsort(dim: call.int(1), descending: call.bool(2))] },
    "argsort.stable": { call in
      try [call.tensor(0).argsort(stable: call.bool(1), dim: call.int(2), descending: call.bool(3))]
    },
    "bincount": { call in
      try [call.tensor(0).bincount(weights: call.optionalTensor(1), minlength: call.int(2))]
    },
    "diff": { call in
      try [
        call.tensor(0).diff(
          n: call.int(1), dim: call.int(2), prepend: call.optionalTensor(3),
          append: call.optionalTensor(4))
      ]
    },
    "histc": { call in
      try [call.tensor(0).histc(bins: call.int(1), min: call.scalar(2), max: call.scalar(3))]
    },
    "histogram.bin_ct": { call in
      let r = try call.tensor(0).histogram(
        bins: call.int(1), range: call.optionalDoubles(2), weight: call.optionalTensor(3),
        density: call.bool(4));
      return [r.hist, r.binEdges]
    },
    "histogram.bins_tensor": { call in
      let r = try call.tensor(0).histogram(
        call.tensor(1), weight: call.optionalTensor(2), density: call.bool(3));
      return [r.hist, r.binEdges]
    },
    "msort": { call in try [call.tensor(0).msort()] },
    "sort": { call in
      let r = try call.tensor(0).sort(dim: call.int(1), descending: call.bool(2));
      return [r.values, r.indices]
    },
    "sort.stable": { call in
      let r = try call.tensor(0).sort(
        stable: call.optionalBool(1), dim: call.int(2), descending: call.bool(3));
      return [r.values, r.indices]
    },
    "topk": { call in
      let r = try call.tensor(0).topk(
        call.int(1), dim: call.int(2), largest: call.bool(3), sorted: call.bool(4));
      return [r.values, r.indices]
    },
    "unique_consecutive": { call in
      let r = try call.tensor(0).uniqueConsecutive(
        returnInverse: call.bool(1), returnCounts: call.bool(2), dim: call.optionalInt(3));
      return [r.output, r.inverse, r.counts]
    },
    "adjoint": { call in try [call.tensor(0).adjoint()] },
    "argwhere": { call in try [call.tensor(0).argwhere()] },
    "as_strided": { call in
      try [call.tensor(0).asStrided(call.ints(1), call.ints(2), storageOffset: call.optionalInt(3))]
    },
    "as_strided_": { call in
      try [
        call.tensor(0).asStrided_(call.ints(1), call.ints(2), storageOffset: call.optionalInt(3))
      ]
    },
    "as_strided_scatter": { call in
      try [
        call.tensor(0).asStridedScatter(
          call.tensor(1), call.ints(2), call.ints(3), storageOffset: call.optionalInt(4))
      ]
    },
    "atleast_1d": { call in try [call.tensor(0).atLeast1d()] },
    "atleast_2d": { call in try [call.tensor(0).atLeast2d()] },
    "atleast_3d": { call in try [call.tensor(0).atLeast3d()] },
    "atleast_1d.Sequence": { call in try Tensor.atLeast1d(call.tensors(0)) },
    "atleast_2d.Sequence": { call in try Tensor.atLeast2d(call.tensors(0)) },
    "atleast_3d.Sequence": { call in try Tensor.atLeast3d(call.tensors(0)) },
    "block_diag": { call in try [Tensor.blockDiag(call.tensors(0))] },
    "broadcast_tensors": { call in try Tensor.broadcastTensors(call.tensors(0)) },
    "broadcast_to": { call in try [call.tensor(0).broadcastTo(call.ints(1))] },
  ]
}

private func calls9() -> [String: (OperatorCall) throws -> [Tensor]] {
  [
    "cartesian_prod": { call in try [Tensor.cartesianProd(call.tensors(0))] },
    "cat": { call in try [Tensor.cat(call.tensors(0), dim: call.int(1))] },
    "channel_shuffle": { call in try [call.tensor(0).channelShuffle(call.int(1))] },
    "chunk": { call in try call.tensor(0).chunk(call.int(1), dim: call.int(2)) },
    "column_stack": { call in try [Tensor.columnStack(call.tensors(0))] },
    "combinations": { call in
      try [call.tensor(0).combinations(r: call.int(1), withReplacement: call.bool(2))]
    },
    "clone": { call in try [call.tensor(0).clone()] },
    "detach": { call in try [call.tensor(0).detach()] },
    "detach_": { call in try [call.tensor(0).detach_()] },
    "diag": { call in try [call.tensor(0).diag(diagonal: call.int(1))] },
    "diag_embed": { call in
      try [call.tensor(0).diagEmbed(offset: call.int(1), dim1: call.int(2), dim2: call.int(3))]
    },
    "diagflat": { call in try [call.tensor(0).diagflat(offset: call.int(1))] },
    "diagonal": { call in
      try [call.tensor(0).diagonal(offset: call.int(1), dim1: call.int(2), dim2: call.int(3))]
    },
    "diagonal_scatter": { call in
      try [
        call.tensor(0).diagonalScatter(
          call.tensor(1), offset: call.int(2), dim1: call.int(3), dim2: call.int(4))
      ]
    },
    "dsplit.array": { call in try call.tensor(0).dsplit(call.ints(1)) },
    "dsplit.int": { call in try call.tensor(0).dsplit(call.int(1)) },
    "dstack": { call in try [Tensor.dstack(call.tensors(0))] },
    "expand": { call in try [call.tensor(0).expand(call.ints(1))] },
    "expand_as": { call in try [call.tensor(0).expandAs(call.tensor(1))] },
    "flatten.using_ints": { call in
      try [call.tensor(0).flatten(startDim: call.int(1), endDim: call.int(2))]
    },
    "flip": { call in try [call.tensor(0).flip(call.ints(1))] },
    "fliplr": { call in try [call.tensor(0).flipLR()] },
    "flipud": { call in try [call.tensor(0).flipUD()] },
    "hsplit.array": { call in try call.tensor(0).hsplit(call.ints(1)) },
    "hsplit.int": { call in try call.tensor(0).hsplit(call.int(1)) },
    "hstack": { call in try [Tensor.hstack(call.tensors(0))] },
    "mH": { call in try [call.tensor(0).mH()] },
    "mT": { call in try [call.tensor(0).mT()] },
    "meshgrid.indexing": { call in try Tensor.meshgrid(call.tensors(0), indexing: call.choice(1)) },
    "movedim.int": { call in try [call.tensor(0).moveDim(call.int(1), call.int(2))] },
    "movedim.intlist": { call in try [call.tensor(0).moveDim(call.ints(1), call.ints(2))] },
    "narrow": { call in
      try [call.tensor(0).narrow(dim: call.int(1), start: call.int(2), length: call.int(3))]
    },
    "narrow.Tensor": { call in
      try [call.tensor(0).narrow(dim: call.int(1), start: call.tensor(2), length: call.int(3))]
    },
    "permute": { call in try [call.tensor(0).permute(call.ints(1))] },
    "pin_memory": { call in try [call.tensor(0).pinMemory()] },
    "ravel": { call in try [call.tensor(0).ravel()] },
    "repeat": { call in try [call.tensor(0).repeat(call.ints(1))] },
    "repeat_interleave.self_Tensor": { call in
      try [
        call.tensor(0).repeatInterleave(
          call.tensor(1), dim: call.optionalInt(2), outputSize: call.optionalInt(3))
      ]
    },
    "repeat_interleave.self_int": { call in
      try [
        call.tensor(0).repeatInterleave(
          call.int(1), dim: call.optionalInt(2), outputSize: call.optionalInt(3))
      ]
    },
    "reshape": { call in try [call.tensor(0).reshape(call.ints(1))] },
  ]
}

private func calls10() -> [String: (OperatorCall) throws -> [Tensor]] {
  [
    "reshape_as": { call in try [call.tensor(0).reshapeAs(call.tensor(1))] },
    "roll": { call in try [call.tensor(0).roll(call.ints(1), dims: call.ints(2))] },
    "rot90": { call in try [call.tensor(0).rot90(k: call.int(1), dims: call.ints(2))] },
    "select.int": { call in try [call.tensor(0).select(dim: call.int(1), index: call.int(2))] },
    "select_scatter": { call in
      try [call.tensor(0).selectScatter(call.tensor(1), dim: call.int(2), index: call.int(3))]
    },
    "slice.Tensor": { call in
      try [
        call.tensor(0).slice(
          dim: call.int(1), start: call.optionalInt(2), end: call.optionalInt(3), step: call.int(4))
      ]
    },
    "slice_scatter": { call in
      try [
        call.tensor(0).sliceScatter(
          call.tensor(1), dim: call.int(2), start: call.optionalInt(3), end: call.optionalInt(4),
          step: call.int(5))
      ]
    },
    "split.Tensor": { call in try call.tensor(0).split(call.int(1), dim: call.int(2)) },
    "split.sizes": { call in try call.tensor(0).split(call.ints(1), dim: call.int(2)) },
    "squeeze": { call in try [call.tensor(0).squeeze()] },
    "squeeze_": { call in try [call.tensor(0).squeeze_()] },
    "squeeze.dim": { call in try [call.tensor(0).squeeze(dim: call.int(1))] },
    "squeeze_.dim": { call in try [call.tensor(0).squeeze_(dim: call.int(1))] },
    "squeeze.dims": { call in try [call.tensor(0).squeeze(dim: call.ints(1))] },
    "squeeze_.dims": { call in try [call.tensor(0).squeeze_(dim: call.ints(1))] },
    "stack": { call in try [Tensor.stack(call.tensors(0), dim: call.int(1))] },
    "swapdims": { call in try [call.tensor(0).swapDims(call.int(1), call.int(2))] },
    "swapdims_": { call in try [call.tensor(0).swapDims_(call.int(1), call.int(2))] },
    "t": { call in try [call.tensor(0).t()] },
    "t_": { call in try [call.tensor(0).t_()] },
    "take_along_dim": { call in
      try [call.tensor(0).takeAlongDim(call.tensor(1), dim: call.optionalInt(2))]
    },
    "tensor_split.sections": { call in try call.tensor(0).tensorSplit(call.int(1), dim: call.int(2))
    },
    "tensor_split.indices": { call in try call.tensor(0).tensorSplit(call.ints(1), dim: call.int(2))
    },
    "tile": { call in try [call.tensor(0).tile(call.ints(1))] },
    "transpose.int": { call in try [call.tensor(0).transpose(call.int(1), call.int(2))] },
    "tril": { call in try [call.tensor(0).tril(diagonal: call.int(1))] },
    "tril_": { call in try [call.tensor(0).tril_(diagonal: call.int(1))] },
    "triu": { call in try [call.tensor(0).triu(diagonal: call.int(1))] },
    "triu_": { call in try [call.tensor(0).triu_(diagonal: call.int(1))] },
    "unbind.int": { call in try call.tensor(0).unbind(dim: call.int(1)) },
    "unflatten.int": { call in try [call.tensor(0).unflatten(dim: call.int(1), sizes: call.ints(2))]
    },
    "unfold": { call in
      try [call.tensor(0).unfold(dimension: call.int(1), size: call.int(2), step: call.int(3))]
    },
    "type_as": { call in try [call.tensor(0).typeAs(call.tensor(1))] },
    "unsqueeze": { call in try [call.tensor(0).unsqueeze(dim: call.int(1))] },
    "unsqueeze_": { call in try [call.tensor(0).unsqueeze_(dim: call.int(1))] },
    "vander": { call in
      try [call.tensor(0).vander(n: call.optionalInt(1), increasing: call.bool(2))]
    },
    "view": { call in try [call.tensor(0).view(call.ints(1))] },
    "view.dtype": { call in try [call.tensor(0).view(call.dtype(1))] },
    "view_as": { call in try [call.tensor(0).viewAs(call.tensor(1))] },
    "view_as_complex": { call in try [call.tensor(0).viewAsComplex()] },
  ]
}

private func calls11() -> [String: (OperatorCall) throws -> [Tensor]] {
  [
    "view_as_real": { call in try [call.tensor(0).viewAsReal()] },
    "vsplit.array": { call in try call.tensor(0).vsplit(call.ints(1)) },
    "vsplit.int": { call in try call.tensor(0).vsplit(call.int(1)) },
    "vstack": { call in try [Tensor.vstack(call.tensors(0))] },
    "gather": { call in try [call.tensor(0).gather(dim: call.int(1), index: call.tensor(2))] },
    "index.Tensor": { call in try [call.tensor(0).index(call.optionalTensors(1))] },
    "index_add": { call in
      try [
        call.tensor(0).indexAdd(
          dim: call.int(1), index: call.tensor(2), source: call.tensor(3), alpha: call.scalar(4))
      ]
    },
    "index_add_": { call in
      try [
        call.tensor(0).indexAdd_(
          dim: call.int(1), index: call.tensor(2), source: call.tensor(3), alpha: call.scalar(4))
      ]
    },
    "index_copy": { call in
      try [
        call.tensor(0).indexCopy(dim: call.int(1), index: call.tensor(2), source: call.tensor(3))
      ]
    },
    "index_copy_": { call in
      try [
        call.tensor(0).indexCopy_(dim: call.int(1), index: call.tensor(2), source: call.tensor(3))
      ]
    },
    "index_fill.int_Scalar": { call in
      try [call.tensor(0).indexFill(dim: call.int(1), index: call.tensor(2), value: call.scalar(3))]
    },
    "index_fill_.int_Scalar": { call in
      try [
        call.tensor(0).indexFill_(dim: call.int(1), index: call.tensor(2), value: call.scalar(3))
      ]
    },
    "index_fill.int_Tensor": { call in
      try [call.tensor(0).indexFill(dim: call.int(1), index: call.tensor(2), value: call.tensor(3))]
    },
    "index_fill_.int_Tensor": { call in
      try [
        call.tensor(0).indexFill_(dim: call.int(1), index: call.tensor(2), value: call.tensor(3))
      ]
    },
    "index_put": { call in
      try [
        call.tensor(0).indexPut(call.optionalTensors(1), call.tensor(2), accumulate: call.bool(3))
      ]
    },
    "index_put_": { call in
      try [
        call.tensor(0).indexPut_(call.optionalTensors(1), call.tensor(2), accumulate: call.bool(3))
      ]
    },
    "index_reduce": { call in
      try [
        call.tensor(0).indexReduce(
          dim: call.int(1), index: call.tensor(2), source: call.tensor(3), reduce: call.choice(4),
          includeSelf: call.bool(5))
      ]
    },
    "index_reduce_": { call in
      try [
        call.tensor(0).indexReduce_(
          dim: call.int(1), index: call.tensor(2), source: call.tensor(3), reduce: call.string(4),
          includeSelf: call.bool(5))
      ]
    },
    "index_select": { call in
      try [call.tensor(0).indexSelect(dim: call.int(1), index: call.tensor(2))]
    },
    "masked_fill.Scalar": { call in try [call.tensor(0).maskedFill(call.tensor(1), call.scalar(2))]
    },
    "masked_fill.Tensor": { call in try [call.tensor(0).maskedFill(call.tensor(1), call.tensor(2))]
    },
    "masked_fill_.Scalar": { call in
      try [call.tensor(0).maskedFill_(call.tensor(1), call.scalar(2))]
    },
    "masked_fill_.Tensor": { call in
      try [call.tensor(0).maskedFill_(call.tensor(1), call.tensor(2))]
    },
    "masked_scatter": { call in try [call.tensor(0).maskedScatter(call.tensor(1), call.tensor(2))]
    },
    "masked_scatter_": { call in try [call.tensor(0).maskedScatter_(call.tensor(1), call.tensor(2))]
    },
    "fill.Scalar": { call in try [call.tensor(0).fill(call.scalar(1))] },
    "fill_.Scalar": { call in try [call.tensor(0).fill_(call.scalar(1))] },
    "fill.Tensor": { call in try [call.tensor(0).fill(call.tensor(1))] },
    "fill_.Tensor": { call in try [call.tensor(0).fill_(call.tensor(1))] },
    "masked_select": { call in try [call.tensor(0).maskedSelect(call.tensor(1))] },
    "nonzero": { call in try [call.tensor(0).nonzero()] },
    "nonzero_static": { call in
      try [call.tensor(0).nonzeroStatic(size: call.int(1), fillValue: call.int(2))]
    },
    "put": { call in
      try [call.tensor(0).put(call.tensor(1), call.tensor(2), accumulate: call.bool(3))]
    },
    "put_": { call in
      try [call.tensor(0).put_(call.tensor(1), call.tensor(2), accumulate: call.bool(3))]
    },
    "scatter.src": { call in
      try [call.tensor(0).scatter(dim: call.int(1), index: call.tensor(2), src: call.tensor(3))]
    },
    "scatter_.src": { call in
      try [call.tensor(0).scatter_(dim: call.int(1), index: call.tensor(2), src: call.tensor(3))]
    },
    "scatter.value": { call in
      try [call.tensor(0).scatter(dim: call.int(1), index: call.tensor(2), value: call.scalar(3))]
    },
    "scatter_.value": { call in
      try [call.tensor(0).scatter_(dim: call.int(1), index: call.tensor(2), value: call.scalar(3))]
    },
    "scatter_add": { call in
      try [call.tensor(0).scatterAdd(dim: call.int(1), index: call.tensor(2), src: call.tensor(3))]
    },
    "scatter_add_": { call in
      try [call.tensor(0).scatterAdd_(dim: call.int(1), index: call.tensor(2), src: call.tensor(3))]
    },
  ]
}

private func calls12() -> [String: (OperatorCall) throws -> [Tensor]] {
  [
    "scatter_reduce.two": { call in
      try [
        call.tensor(0).scatterReduce(
          dim: call.int(1), index: call.tensor(2), src: call.tensor(3), reduce: call.choice(4),
          includeSelf: call.bool(5))
      ]
    },
    "scatter_reduce_.two": { call in
      try [
        call.tensor(0).scatterReduce_(
          dim: call.int(1), index: call.tensor(2), src: call.tensor(3), reduce: call.string(4),
          includeSelf: call.bool(5))
      ]
    },
    "segment_reduce": { call in
      try [
        call.tensor(0).segmentReduce(
          call.choice(1), lengths: call.optionalTensor(2), offsets: call.optionalTensor(4),
          axis: call.int(5), initial: call.optionalScalar(7))
      ]
    },
    "take": { call in try [call.tensor(0).take(call.tensor(1))] },
    "where": { call in try call.tensor(0).nonzeroIndices() },
    "where.self": { call in try [Tensor.where(call.tensor(0), call.tensor(1), call.tensor(2))] },
    "where.ScalarOther": { call in
      try [Tensor.where(call.tensor(0), call.tensor(1), call.scalar(2))]
    },
    "where.ScalarSelf": { call in try [Tensor.where(call.tensor(0), call.scalar(1), call.tensor(2))]
    },
    "where.Scalar": { call in try [Tensor.where(call.tensor(0), call.scalar(1), call.scalar(2))] },
    "addbmm": { call in
      try [
        call.tensor(0).addbmm(
          call.tensor(1), call.tensor(2), beta: call.scalar(3), alpha: call.scalar(4))
      ]
    },
    "addbmm_": { call in
      try [
        call.tensor(0).addbmm_(
          call.tensor(1), call.tensor(2), beta: call.scalar(3), alpha: call.scalar(4))
      ]
    },
    "addmm": { call in
      try [
        call.tensor(0).addmm(
          call.tensor(1), call.tensor(2), beta: call.scalar(3), alpha: call.scalar(4))
      ]
    },
    "addmm_": { call in
      try [
        call.tensor(0).addmm_(
          call.tensor(1), call.tensor(2), beta: call.scalar(3), alpha: call.scalar(4))
      ]
    },
    "addmv": { call in
      try [
        call.tensor(0).addmv(
          call.tensor(1), call.tensor(2), beta: call.scalar(3), alpha: call.scalar(4))
      ]
    },
    "addmv_": { call in
      try [
        call.tensor(0).addmv_(
          call.tensor(1), call.tensor(2), beta: call.scalar(3), alpha: call.scalar(4))
      ]
    },
    "addr": { call in
      try [
        call.tensor(0).addr(
          call.tensor(1), call.tensor(2), beta: call.scalar(3), alpha: call.scalar(4))
      ]
    },
    "addr_": { call in
      try [
        call.tensor(0).addr_(
          call.tensor(1), call.tensor(2), beta: call.scalar(3), alpha: call.scalar(4))
      ]
    },
    "baddbmm": { call in
      try [
        call.tensor(0).baddbmm(
          call.tensor(1), call.tensor(2), beta: call.scalar(3), alpha: call.scalar(4))
      ]
    },
    "baddbmm_": { call in
      try [
        call.tensor(0).baddbmm_(
          call.tensor(1), call.tensor(2), beta: call.scalar(3), alpha: call.scalar(4))
      ]
    },
    "bmm": { call in try [call.tensor(0).bmm(call.tensor(1))] },
    "cdist": { call in
      try [
        call.tensor(0).cdist(call.tensor(1), p: call.double(2), computeMode: call.optionalInt(3))
      ]
    },
    "chain_matmul": { call in try [Tensor.chainMatmul(call.tensors(0))] },
    "cholesky_inverse": { call in try [call.tensor(0).choleskyInverse(upper: call.bool(1))] },
    "cholesky_solve": { call in
      try [call.tensor(0).choleskySolve(call.tensor(1), upper: call.bool(2))]
    },
    "corrcoef": { call in try [call.tensor(0).corrcoef()] },
    "cosine_similarity": { call in
      try [call.tensor(0).cosineSimilarity(call.tensor(1), dim: call.int(2), eps: call.double(3))]
    },
    "cov": { call in
      try [
        call.tensor(0).cov(
          correction: call.int(1), fweights: call.optionalTensor(2),
          aweights: call.optionalTensor(3))
      ]
    },
    "cross": { call in try [call.tensor(0).cross(call.tensor(1), dim: call.optionalInt(2))] },
    "dot": { call in try [call.tensor(0).dot(call.tensor(1))] },
    "einsum": { call in
      try [Tensor.einsum(call.string(0), call.tensors(1), path: call.optionalInts(2))]
    },
    "geqrf": { call in
      let r = try call.tensor(0).geqrf(); return [r.a, r.tau]
    },
    "gradient.scalarint": { call in
      try call.tensor(0).finiteDifferences(
        spacing: call.optionalScalar(1), dim: call.optionalInt(2), edgeOrder: call.int(3))
    },
    "inner": { call in try [call.tensor(0).inner(call.tensor(1))] },
    "kron": { call in try [call.tensor(0).kron(call.tensor(1))] },
    "logdet": { call in try [call.tensor(0).logdet()] },
    "lu_solve": { call in try [call.tensor(0).luSolve(call.tensor(1), call.tensor(2))] },
    "lu_unpack": { call in
      let r = try call.tensor(0).luUnpack(
        call.tensor(1), unpackData: call.bool(2), unpackPivots: call.bool(3));
      return [r.p, r.l, r.u]
    },
    "matmul": { call in try [call.tensor(0).matmul(call.tensor(1))] },
    "matrix_exp": { call in try [call.tensor(0).matrixExp()] },
    "matrix_power": { call in try [call.tensor(0).matrixPower(call.int(1))] },
  ]
}

private func calls13() -> [String: (OperatorCall) throws -> [Tensor]] {
  [
    "mm": { call in try [call.tensor(0).mm(call.tensor(1))] },
    "mv": { call in try [call.tensor(0).mv(call.tensor(1))] },
    "orgqr": { call in try [call.tensor(0).orgqr(call.tensor(1))] },
    "ormqr": { call in
      try [
        call.tensor(0).ormqr(
          call.tensor(1), call.tensor(2), left: call.bool(3), transpose: call.bool(4))
      ]
    },
    "outer": { call in try [call.tensor(0).outer(call.tensor(1))] },
    "pairwise_distance": { call in
      try [
        call.tensor(0).pairwiseDistance(
          call.tensor(1), p: call.double(2), eps: call.double(3), keepDim: call.bool(4))
      ]
    },
    "pdist": { call in try [call.tensor(0).pdist(p: call.double(1))] },
    "pinverse": { call in try [call.tensor(0).pinverse(rcond: call.double(1))] },
    "polar": { call in try [call.tensor(0).polar(call.tensor(1))] },
    "renorm": { call in
      try [call.tensor(0).renorm(p: call.scalar(1), dim: call.int(2), maxnorm: call.scalar(3))]
    },
    "renorm_": { call in
      try [call.tensor(0).renorm_(p: call.scalar(1), dim: call.int(2), maxnorm: call.scalar(3))]
    },
    "tensordot": { call in
      try [
        call.tensor(0).tensordot(call.tensor(1), dimsSelf: call.ints(2), dimsOther: call.ints(3))
      ]
    },
    "trace": { call in try [call.tensor(0).trace()] },
    "tril_indices": { call in
      try [
        Tensor.trilIndices(
          call.int(0), call.int(1), offset: call.int(2), dtype: call.optionalDType(3),
          device: call.optionalDevice(5))
      ]
    },
    "triu_indices": { call in
      try [
        Tensor.triuIndices(
          call.int(0), call.int(1), offset: call.int(2), dtype: call.optionalDType(3),
          device: call.optionalDevice(5))
      ]
    },
    "vdot": { call in try [call.tensor(0).vdot(call.tensor(1))] },
    "linalg_cholesky": { call in try [call.tensor(0).linalg.cholesky(upper: call.bool(1))] },
    "linalg_cholesky_ex": { call in
      let r = try call.tensor(0).linalg.choleskyEx(upper: call.bool(1), checkErrors: call.bool(2));
      return [r.l, r.info]
    },
    "linalg_cond": { call in try [call.tensor(0).linalg.cond(p: call.optionalScalar(1))] },
    "linalg_cond.p_str": { call in try [call.tensor(0).linalg.cond(call.choice(1))] },
    "linalg_cross": { call in try [call.tensor(0).linalg.cross(call.tensor(1), dim: call.int(2))] },
    "linalg_det": { call in try [call.tensor(0).linalg.det()] },
    "linalg_diagonal": { call in
      try [
        call.tensor(0).linalg.diagonal(offset: call.int(1), dim1: call.int(2), dim2: call.int(3))
      ]
    },
    "linalg_eig": { call in
      let r = try call.tensor(0).linalg.eig(); return [r.eigenvalues, r.eigenvectors]
    },
    "linalg_eigh": { call in
      let r = try call.tensor(0).linalg.eigh(uplo: call.choice(1));
      return [r.eigenvalues, r.eigenvectors]
    },
    "linalg_eigvals": { call in try [call.tensor(0).linalg.eigvals()] },
    "linalg_eigvalsh": { call in try [call.tensor(0).linalg.eigvalsh(uplo: call.choice(1))] },
    "linalg_householder_product": { call in
      try [call.tensor(0).linalg.householderProduct(call.tensor(1))]
    },
    "linalg_inv": { call in try [call.tensor(0).linalg.inv()] },
    "linalg_inv_ex": { call in
      let r = try call.tensor(0).linalg.invEx(checkErrors: call.bool(1));
      return [r.inverse, r.info]
    },
    "linalg_ldl_factor": { call in
      let r = try call.tensor(0).linalg.ldlFactor(hermitian: call.bool(1)); return [r.ld, r.pivots]
    },
    "linalg_ldl_factor_ex": { call in
      let r = try call.tensor(0).linalg.ldlFactorEx(
        hermitian: call.bool(1), checkErrors: call.bool(2));
      return [r.ld, r.pivots, r.info]
    },
    "linalg_ldl_solve": { call in
      try [call.tensor(0).linalg.ldlSolve(call.tensor(1), call.tensor(2), hermitian: call.bool(3))]
    },
    "linalg_lstsq": { call in
      let r = try call.tensor(0).linalg.lstsq(
        call.tensor(1), rcond: call.optionalDouble(2), driver: call.optionalString(3));
      return [r.solution, r.residuals, r.rank, r.singularValues]
    },
    "linalg_lu": { call in
      let r = try call.tensor(0).linalg.lu(pivot: call.bool(1)); return [r.p, r.l, r.u]
    },
    "linalg_lu_factor": { call in
      let r = try call.tensor(0).linalg.luFactor(pivot: call.bool(1)); return [r.lu, r.pivots]
    },
    "linalg_lu_factor_ex": { call in
      let r = try call.tensor(0).linalg.luFactorEx(pivot: call.bool(1), checkErrors: call.bool(2));
      return [r.lu, r.pivots, r.info]
    },
    "linalg_lu_solve": { call in
      try [
        call.tensor(0).linalg.luSolve(
          call.tensor(1), call.tensor(2), left: call.bool(3), adjoint: call.bool(4))
      ]
    },
    "linalg_matrix_exp": { call in try [call.tensor(0).linalg.matrixExp()] },
    "linalg_matrix_norm": { call in
      try [
        call.tensor(0).linalg.matrixNorm(
          call.scalar(1), dim: call.ints(2), keepDim: call.bool(3), dtype: call.optionalDType(4))
      ]
    },
  ]
}

private func calls14() -> [String: (OperatorCall) throws -> [Tensor]] {
  [
    "linalg_matrix_norm.str_ord": { call in
      try [
        call.tensor(0).linalg.matrixNorm(
          ord: call.choice(1), dim: call.ints(2), keepDim: call.bool(3),
          dtype: call.optionalDType(4))
      ]
    },
    "linalg_matrix_power": { call in try [call.tensor(0).linalg.matrixPower(call.int(1))] },
    "linalg_matrix_rank.atol_rtol_float": { call in
      try [
        call.tensor(0).linalg.matrixRank(
          atol: call.optionalDouble(1), rtol: call.optionalDouble(2), hermitian: call.bool(3))
      ]
    },
    "linalg_matrix_rank.atol_rtol_tensor": { call in
      try [
        call.tensor(0).linalg.matrixRank(
          atol: call.optionalTensor(1), rtol: call.optionalTensor(2), hermitian: call.bool(3))
      ]
    },
    "linalg_multi_dot": { call in try [LinearAlgebra.multiDot(call.tensors(0))] },
    "linalg_norm": { call in
      try [
        call.tensor(0).linalg.norm(
          ord: call.optionalScalar(1), dim: call.optionalInts(2), keepDim: call.bool(3),
          dtype: call.optionalDType(4))
      ]
    },
    "linalg_norm.ord_str": { call in
      try [
        call.tensor(0).linalg.norm(
          call.choice(1), dim: call.optionalInts(2), keepDim: call.bool(3),
          dtype: call.optionalDType(4))
      ]
    },
    "linalg_pinv.atol_rtol_float": { call in
      try [
        call.tensor(0).linalg.pinv(
          atol: call.optionalDouble(1), rtol: call.optionalDouble(2), hermitian: call.bool(3))
      ]
    },
    "linalg_pinv.atol_rtol_tensor": { call in
      try [
        call.tensor(0).linalg.pinv(
          atol: call.optionalTensor(1), rtol: call.optionalTensor(2), hermitian: call.bool(3))
      ]
    },
    "linalg_qr": { call in
      let r = try call.tensor(0).linalg.qr(mode: call.choice(1)); return [r.q, r.r]
    },
    "linalg_slogdet": { call in
      let r = try call.tensor(0).linalg.slogdet(); return [r.sign, r.logabsdet]
    },
    "linalg_solve": { call in try [call.tensor(0).linalg.solve(call.tensor(1), left: call.bool(2))]
    },
    "linalg_solve_ex": { call in
      let r = try call.tensor(0).linalg.solveEx(
        call.tensor(1), left: call.bool(2), checkErrors: call.bool(3));
      return [r.result, r.info]
    },
    "linalg_solve_triangular": { call in
      try [
        call.tensor(0).linalg.solveTriangular(
          call.tensor(1), upper: call.bool(2), left: call.bool(3), unitriangular: call.bool(4))
      ]
    },
    "linalg_svd": { call in
      let r = try call.tensor(0).linalg.svd(
        fullMatrices: call.bool(1), driver: call.optionalString(2));
      return [r.u, r.s, r.vh]
    },
    "linalg_svdvals": { call in try [call.tensor(0).linalg.svdvals(driver: call.optionalString(1))]
    },
    "linalg_tensorinv": { call in try [call.tensor(0).linalg.tensorinv(ind: call.int(1))] },
    "linalg_tensorsolve": { call in
      try [call.tensor(0).linalg.tensorsolve(call.tensor(1), dims: call.optionalInts(2))]
    },
    "linalg_vander": { call in try [call.tensor(0).linalg.vander(n: call.optionalInt(1))] },
    "linalg_vecdot": { call in try [call.tensor(0).linalg.vecdot(call.tensor(1), dim: call.int(2))]
    },
    "linalg_vector_norm": { call in
      try [
        call.tensor(0).linalg.vectorNorm(
          ord: call.scalar(1), dim: call.optionalInts(2), keepDim: call.bool(3),
          dtype: call.optionalDType(4))
      ]
    },
    "fft_fft": { call in
      try [
        call.tensor(0).fft.fft(
          n: call.optionalInt(1), dim: call.int(2), norm: call.optionalChoice(3))
      ]
    },
    "fft_fft2": { call in
      try [
        call.tensor(0).fft.fft2(
          s: call.optionalInts(1), dim: call.ints(2), norm: call.optionalChoice(3))
      ]
    },
    "fft_fftfreq": { call in
      try [
        FourierTransform.fftfreq(
          call.int(0), d: call.double(1), dtype: call.optionalDType(2),
          device: call.optionalDevice(4))
      ]
    },
    "fft_fftn": { call in
      try [
        call.tensor(0).fft.fftn(
          s: call.optionalInts(1), dim: call.optionalInts(2), norm: call.optionalChoice(3))
      ]
    },
    "fft_fftshift": { call in try [call.tensor(0).fft.fftshift(dim: call.optionalInts(1))] },
    "fft_hfft": { call in
      try [
        call.tensor(0).fft.hfft(
          n: call.optionalInt(1), dim: call.int(2), norm: call.optionalChoice(3))
      ]
    },
    "fft_hfft2": { call in
      try [
        call.tensor(0).fft.hfft2(
          s: call.optionalInts(1), dim: call.ints(2), norm: call.optionalChoice(3))
      ]
    },
    "fft_hfftn": { call in
      try [
        call.tensor(0).fft.hfftn(
          s: call.optionalInts(1), dim: call.optionalInts(2), norm: call.optionalChoice(3))
      ]
    },
    "fft_ifft": { call in
      try [
        call.tensor(0).fft.ifft(
          n: call.optionalInt(1), dim: call.int(2), norm: call.optionalChoice(3))
      ]
    },
    "fft_ifft2": { call in
      try [
        call.tensor(0).fft.ifft2(
          s: call.optionalInts(1), dim: call.ints(2), norm: call.optionalChoice(3))
      ]
    },
    "fft_ifftn": { call in
      try [
        call.tensor(0).fft.ifftn(
          s: call.optionalInts(1), dim: call.optionalInts(2), norm: call.optionalChoice(3))
      ]
    },
    "fft_ifftshift": { call in try [call.tensor(0).fft.ifftshift(dim: call.optionalInts(1))] },
    "fft_ihfft": { call in
      try [
        call.tensor(0).fft.ihfft(
          n: call.optionalInt(1), dim: call.int(2), norm: call.optionalChoice(3))
      ]
    },
    "fft_ihfft2": { call in
      try [
        call.tensor(0).fft.ihfft2(
          s: call.optionalInts(1), dim: call.ints(2), norm: call.optionalChoice(3))
      ]
    },
    "fft_ihfftn": { call in
      try [
        call.tensor(0).fft.ihfftn(
          s: call.optionalInts(1), dim: call.optionalInts(2), norm: call.optionalChoice(3))
      ]
    },
    "fft_irfft": { call in
      try [
        call.tensor(0).fft.irfft(
          n: call.optionalInt(1), dim: call.int(2), norm: call.optionalChoice(3))
      ]
    },
    "fft_irfft2": { call in
      try [
        call.tensor(0).fft.irfft2(
          s: call.optionalInts(1), dim: call.ints(2), norm: call.optionalChoice(3))
      ]
    },
    "fft_irfftn": { call in
      try [
        call.tensor(0).fft.irfftn(
          s: call.optionalInts(1), dim: call.optionalInts(2), norm: call.optionalChoice(3))
      ]
    },
    "fft_rfft": { call in
      try [
        call.tensor(0).fft.rfft(
          n: call.optionalInt(1), dim: call.int(2), norm: call.optionalChoice(3))
      ]
    },
  ]
}

private func calls15() -> [String: (OperatorCall) throws -> [Tensor]] {
  [
    "fft_rfft2": { call in
      try [
        call.tensor(0).fft.rfft2(
          s: call.optionalInts(1), dim: call.ints(2), norm: call.optionalChoice(3))
      ]
    },
    "fft_rfftfreq": { call in
      try [
        FourierTransform.rfftfreq(
          call.int(0), d: call.double(1), dtype: call.optionalDType(2),
          device: call.optionalDevice(4))
      ]
    },
    "fft_rfftn": { call in
      try [
        call.tensor(0).fft.rfftn(
          s: call.optionalInts(1), dim: call.optionalInts(2), norm: call.optionalChoice(3))
      ]
    },
    "stft": { call in
      try [
        call.tensor(0).stft(
          call.int(1), hopLength: call.optionalInt(2), winLength: call.optionalInt(3),
          window: call.optionalTensor(4), normalized: call.bool(5), onesided: call.optionalBool(6),
          returnComplex: call.optionalBool(7))
      ]
    },
    "stft.center": { call in
      try [
        call.tensor(0).stft(
          call.int(1), hopLength: call.optionalInt(2), winLength: call.optionalInt(3),
          window: call.optionalTensor(4), center: call.bool(5), padMode: call.choice(6),
          normalized: call.bool(7), onesided: call.optionalBool(8),
          returnComplex: call.optionalBool(9))
      ]
    },
    "istft": { call in
      try [
        call.tensor(0).istft(
          call.int(1), hopLength: call.optionalInt(2), winLength: call.optionalInt(3),
          window: call.optionalTensor(4), center: call.bool(5), normalized: call.bool(6),
          onesided: call.optionalBool(7), length: call.optionalInt(8), returnComplex: call.bool(9))
      ]
    },
    "special_airy_ai": { call in try [call.tensor(0).special.airyAi()] },
    "special_bessel_j0": { call in try [call.tensor(0).special.besselJ0()] },
    "special_bessel_j1": { call in try [call.tensor(0).special.besselJ1()] },
    "special_bessel_y0": { call in try [call.tensor(0).special.besselY0()] },
    "special_bessel_y1": { call in try [call.tensor(0).special.besselY1()] },
    "special_chebyshev_polynomial_t": { call in
      try [call.tensor(0).special.chebyshevPolynomialT(call.tensor(1))]
    },
    "special_chebyshev_polynomial_t.n_scalar": { call in
      try [call.tensor(0).special.chebyshevPolynomialT(call.scalar(1))]
    },
    "special_chebyshev_polynomial_u": { call in
      try [call.tensor(0).special.chebyshevPolynomialU(call.tensor(1))]
    },
    "special_chebyshev_polynomial_u.n_scalar": { call in
      try [call.tensor(0).special.chebyshevPolynomialU(call.scalar(1))]
    },
    "special_chebyshev_polynomial_v": { call in
      try [call.tensor(0).special.chebyshevPolynomialV(call.tensor(1))]
    },
    "special_chebyshev_polynomial_v.n_scalar": { call in
      try [call.tensor(0).special.chebyshevPolynomialV(call.scalar(1))]
    },
    "special_chebyshev_polynomial_w": { call in
      try [call.tensor(0).special.chebyshevPolynomialW(call.tensor(1))]
    },
    "special_chebyshev_polynomial_w.n_scalar": { call in
      try [call.tensor(0).special.chebyshevPolynomialW(call.scalar(1))]
    },
    "special_entr": { call in try [call.tensor(0).special.entr()] },
    "special_erfcx": { call in try [call.tensor(0).special.erfcx()] },
    "special_hermite_polynomial_h": { call in
      try [call.tensor(0).special.hermitePolynomialH(call.tensor(1))]
    },
    "special_hermite_polynomial_h.n_scalar": { call in
      try [call.tensor(0).special.hermitePolynomialH(call.scalar(1))]
    },
    "special_hermite_polynomial_he": { call in
      try [call.tensor(0).special.hermitePolynomialHe(call.tensor(1))]
    },
    "special_hermite_polynomial_he.n_scalar": { call in
      try [call.tensor(0).special.hermitePolynomialHe(call.scalar(1))]
    },
    "special_i0e": { call in try [call.tensor(0).special.i0e()] },
    "special_i1": { call in try [call.tensor(0).special.i1()] },
    "special_i1e": { call in try [call.tensor(0).special.i1e()] },
    "special_laguerre_polynomial_l": { call in
      try [call.tensor(0).special.laguerrePolynomialL(call.tensor(1))]
    },
    "special_laguerre_polynomial_l.n_scalar": { call in
      try [call.tensor(0).special.laguerrePolynomialL(call.scalar(1))]
    },
    "special_legendre_polynomial_p": { call in
      try [call.tensor(0).special.legendrePolynomialP(call.tensor(1))]
    },
    "special_legendre_polynomial_p.n_scalar": { call in
      try [call.tensor(0).special.legendrePolynomialP(call.scalar(1))]
    },
    "special_log_ndtr": { call in try [call.tensor(0).special.logNdtr()] },
    "special_modified_bessel_i0": { call in try [call.tensor(0).special.modifiedBesselI0()] },
    "special_modified_bessel_i1": { call in try [call.tensor(0).special.modifiedBesselI1()] },
    "special_modified_bessel_k0": { call in try [call.tensor(0).special.modifiedBesselK0()] },
    "special_modified_bessel_k1": { call in try [call.tensor(0).special.modifiedBesselK1()] },
    "special_ndtr": { call in try [call.tensor(0).special.ndtr()] },
    "special_ndtri": { call in try [call.tensor(0).special.ndtri()] },
    "special_scaled_modified_bessel_k0": { call in
      try [call.tensor(0).special.scaledModifiedBesselK0()]
    },
  ]
}

private func calls16() -> [String: (OperatorCall) throws -> [Tensor]] {
  [
    "special_scaled_modified_bessel_k1": { call in
      try [call.tensor(0).special.scaledModifiedBesselK1()]
    },
    "special_shifted_chebyshev_polynomial_t": { call in
      try [call.tensor(0).special.shiftedChebyshevPolynomialT(call.tensor(1))]
    },
    "special_shifted_chebyshev_polynomial_t.n_scalar": { call in
      try [call.tensor(0).special.shiftedChebyshevPolynomialT(call.scalar(1))]
    },
    "special_shifted_chebyshev_polynomial_u": { call in
      try [call.tensor(0).special.shiftedChebyshevPolynomialU(call.tensor(1))]
    },
    "special_shifted_chebyshev_polynomial_u.n_scalar": { call in
      try [call.tensor(0).special.shiftedChebyshevPolynomialU(call.scalar(1))]
    },
    "special_shifted_chebyshev_polynomial_v": { call in
      try [call.tensor(0).special.shiftedChebyshevPolynomialV(call.tensor(1))]
    },
    "special_shifted_chebyshev_polynomial_v.n_scalar": { call in
      try [call.tensor(0).special.shiftedChebyshevPolynomialV(call.scalar(1))]
    },
    "special_shifted_chebyshev_polynomial_w": { call in
      try [call.tensor(0).special.shiftedChebyshevPolynomialW(call.tensor(1))]
    },
    "special_shifted_chebyshev_polynomial_w.n_scalar": { call in
      try [call.tensor(0).special.shiftedChebyshevPolynomialW(call.scalar(1))]
    },
    "special_spherical_bessel_j0": { call in try [call.tensor(0).special.sphericalBesselJ0()] },
    "special_xlog1py": { call in try [call.tensor(0).special.xlog1py(call.tensor(1))] },
    "special_xlog1py.other_scalar": { call in try [call.tensor(0).special.xlog1py(call.scalar(1))]
    },
    "special_zeta": { call in try [call.tensor(0).special.zeta(call.tensor(1))] },
    "special_zeta.other_scalar": { call in try [call.tensor(0).special.zeta(call.scalar(1))] },
    "arange.start_step": { call in
      try [
        Tensor.arange(
          call.scalar(0), call.scalar(1), step: call.scalar(2), dtype: call.optionalDType(3),
          device: call.optionalDevice(5))
      ]
    },
    "arange": { call in
      try [
        Tensor.arange(call.scalar(0), dtype: call.optionalDType(1), device: call.optionalDevice(3))
      ]
    },
    "bartlett_window.periodic": { call in
      try [
        Tensor.bartlettWindow(
          call.int(0), periodic: call.bool(1), dtype: call.optionalDType(2),
          device: call.optionalDevice(4))
      ]
    },
    "blackman_window.periodic": { call in
      try [
        Tensor.blackmanWindow(
          call.int(0), periodic: call.bool(1), dtype: call.optionalDType(2),
          device: call.optionalDevice(4))
      ]
    },
    "empty.memory_format": { call in
      try [Tensor.empty(call.ints(0), dtype: call.optionalDType(1), device: call.optionalDevice(3))]
    },
    "empty_like": { call in
      try [call.tensor(0).emptyLike(dtype: call.optionalDType(1), device: call.optionalDevice(3))]
    },
    "empty_strided": { call in
      try [
        Tensor.emptyStrided(
          call.ints(0), call.ints(1), dtype: call.optionalDType(2), device: call.optionalDevice(4))
      ]
    },
    "eye": { call in
      try [Tensor.eye(call.int(0), dtype: call.optionalDType(1), device: call.optionalDevice(3))]
    },
    "eye.m": { call in
      try [
        Tensor.eye(
          call.int(0), call.int(1), dtype: call.optionalDType(2), device: call.optionalDevice(4))
      ]
    },
    "full": { call in
      try [
        Tensor.full(
          call.ints(0), call.scalar(1), dtype: call.optionalDType(2), device: call.optionalDevice(4)
        )
      ]
    },
    "full_like": { call in
      try [
        call.tensor(0).fullLike(
          call.scalar(1), dtype: call.optionalDType(2), device: call.optionalDevice(4))
      ]
    },
    "hamming_window.periodic_alpha_beta": { call in
      try [
        Tensor.hammingWindow(
          call.int(0), periodic: call.bool(1), alpha: call.double(2), beta: call.double(3),
          dtype: call.optionalDType(4), device: call.optionalDevice(6))
      ]
    },
    "hann_window.periodic": { call in
      try [
        Tensor.hannWindow(
          call.int(0), periodic: call.bool(1), dtype: call.optionalDType(2),
          device: call.optionalDevice(4))
      ]
    },
    "kaiser_window.beta": { call in
      try [
        Tensor.kaiserWindow(
          call.int(0), periodic: call.bool(1), beta: call.double(2), dtype: call.optionalDType(3),
          device: call.optionalDevice(5))
      ]
    },
    "linspace": { call in
      try [
        Tensor.linspace(
          call.scalar(0), call.scalar(1), steps: call.int(2), dtype: call.optionalDType(3),
          device: call.optionalDevice(5))
      ]
    },
    "logspace": { call in
      try [
        Tensor.logspace(
          call.scalar(0), call.scalar(1), steps: call.int(2), base: call.double(3),
          dtype: call.optionalDType(4), device: call.optionalDevice(6))
      ]
    },
    "new_empty": { call in
      try [
        call.tensor(0).newEmpty(
          call.ints(1), dtype: call.optionalDType(2), device: call.optionalDevice(4))
      ]
    },
    "new_empty_strided": { call in
      try [
        call.tensor(0).newEmptyStrided(
          call.ints(1), call.ints(2), dtype: call.optionalDType(3), device: call.optionalDevice(5))
      ]
    },
    "new_full": { call in
      try [
        call.tensor(0).newFull(
          call.ints(1), call.scalar(2), dtype: call.optionalDType(3), device: call.optionalDevice(5)
        )
      ]
    },
    "new_ones": { call in
      try [
        call.tensor(0).newOnes(
          call.ints(1), dtype: call.optionalDType(2), device: call.optionalDevice(4))
      ]
    },
    "new_zeros": { call in
      try [
        call.tensor(0).newZeros(
          call.ints(1), dtype: call.optionalDType(2), device: call.optionalDevice(4))
      ]
    },
    "ones": { call in
      try [Tensor.ones(call.ints(0), dtype: call.optionalDType(1), device: call.optionalDevice(3))]
    },
    "ones_like": { call in
      try [call.tensor(0).onesLike(dtype: call.optionalDType(1), device: call.optionalDevice(3))]
    },
    "zeros": { call in
      try [Tensor.zeros(call.ints(0), dtype: call.optionalDType(1), device: call.optionalDevice(3))]
    },
    "zeros_like": { call in
      try [call.tensor(0).zerosLike(dtype: call.optionalDType(1), device: call.optionalDevice(3))]
    },
    "bernoulli_.float": { call in
      try [call.tensor(0).bernoulli_(p: call.double(1), generator: call.optionalGenerator(2))]
    },
  ]
}

private func calls17() -> [String: (OperatorCall) throws -> [Tensor]] {
  [
    "bernoulli_.Tensor": { call in
      try [call.tensor(0).bernoulli_(p: call.tensor(1), generator: call.optionalGenerator(2))]
    },
    "cauchy_": { call in
      try [
        call.tensor(0).cauchy_(
          median: call.double(1), sigma: call.double(2), generator: call.optionalGenerator(3))
      ]
    },
    "copy_": { call in try [call.tensor(0).copy_(call.tensor(1))] },
    "exponential_": { call in
      try [call.tensor(0).exponential_(lambd: call.double(1), generator: call.optionalGenerator(2))]
    },
    "fill_diagonal_": { call in
      try [call.tensor(0).fillDiagonal_(call.scalar(1), wrap: call.bool(2))]
    },
    "float_power_.Scalar": { call in try [call.tensor(0).floatPower_(call.scalar(1))] },
    "float_power_.Tensor": { call in try [call.tensor(0).floatPower_(call.tensor(1))] },
    "floor_divide_.Tensor": { call in try [call.tensor(0).floorDivide_(call.tensor(1))] },
    "geometric_": { call in
      try [call.tensor(0).geometric_(call.double(1), generator: call.optionalGenerator(2))]
    },
    "ldexp_": { call in try [call.tensor(0).ldexp_(call.tensor(1))] },
    "log_normal_": { call in
      try [
        call.tensor(0).logNormal_(
          mean: call.double(1), std: call.double(2), generator: call.optionalGenerator(3))
      ]
    },
    "normal_": { call in
      try [
        call.tensor(0).normal_(
          mean: call.double(1), std: call.double(2), generator: call.optionalGenerator(3))
      ]
    },
    "polygamma_": { call in try [call.tensor(0).polygamma_(n: call.int(1))] },
    "pow_.Scalar": { call in try [call.tensor(0).pow_(call.scalar(1))] },
    "pow_.Tensor": { call in try [call.tensor(0).pow_(call.tensor(1))] },
    "random_": { call in try [call.tensor(0).random_(generator: call.optionalGenerator(1))] },
    "random_.to": { call in
      try [call.tensor(0).random_(call.int(1), generator: call.optionalGenerator(2))]
    },
    "random_.from": { call in
      try [
        call.tensor(0).random_(
          call.int(1), call.optionalInt(2), generator: call.optionalGenerator(3))
      ]
    },
    "transpose_": { call in try [call.tensor(0).transpose_(call.int(1), call.int(2))] },
    "uniform_": { call in
      try [
        call.tensor(0).uniform_(
          from: call.double(1), to: call.double(2), generator: call.optionalGenerator(3))
      ]
    },
    "zero_": { call in try [call.tensor(0).zero_()] },
    "bernoulli": { call in try [call.tensor(0).bernoulli(generator: call.optionalGenerator(1))] },
    "bernoulli.p": { call in
      try [call.tensor(0).bernoulli(call.double(1), generator: call.optionalGenerator(2))]
    },
    "binomial": { call in
      try [call.tensor(0).binomial(call.tensor(1), generator: call.optionalGenerator(2))]
    },
    "multinomial": { call in
      try [
        call.tensor(0).multinomial(
          call.int(1), replacement: call.bool(2), generator: call.optionalGenerator(3))
      ]
    },
    "normal.Tensor_Tensor": { call in
      try [call.tensor(0).normal(call.tensor(1), generator: call.optionalGenerator(2))]
    },
    "normal.Tensor_float": { call in
      try [call.tensor(0).normal(std: call.double(1), generator: call.optionalGenerator(2))]
    },
    "normal.float_float": { call in
      try [
        Tensor.normal(
          mean: call.double(0), std: call.double(1), size: call.ints(2),
          generator: call.optionalGenerator(3), dtype: call.optionalDType(4),
          device: call.optionalDevice(6))
      ]
    },
    "poisson": { call in try [call.tensor(0).poisson(generator: call.optionalGenerator(1))] },
    "rand.generator": { call in
      try [
        Tensor.rand(
          call.ints(0), generator: call.optionalGenerator(1), dtype: call.optionalDType(2),
          device: call.optionalDevice(4))
      ]
    },
    "rand_like.generator": { call in
      try [
        call.tensor(0).randLike(
          generator: call.optionalGenerator(1), dtype: call.optionalDType(2),
          device: call.optionalDevice(4))
      ]
    },
    "randint.low_generator": { call in
      try [
        Tensor.randint(
          call.int(0), call.int(1), size: call.ints(2), generator: call.optionalGenerator(3),
          dtype: call.optionalDType(4), device: call.optionalDevice(6))
      ]
    },
    "randint.generator": { call in
      try [
        Tensor.randint(
          call.int(0), size: call.ints(1), generator: call.optionalGenerator(2),
          dtype: call.optionalDType(3), device: call.optionalDevice(5))
      ]
    },
    "randint_like.generator": { call in
      try [
        call.tensor(0).randintLike(
          call.int(1), generator: call.optionalGenerator(2), dtype: call.optionalDType(3),
          device: call.optionalDevice(5))
      ]
    },
    "randint_like.low_generator_dtype": { call in
      try [
        call.tensor(0).randintLike(
          call.int(1), call.int(2), generator: call.optionalGenerator(3),
          dtype: call.optionalDType(4), device: call.optionalDevice(6))
      ]
    },
    "randn.generator": { call in
      try [
        Tensor.randn(
          call.ints(0), generator: call.optionalGenerator(1), dtype: call.optionalDType(2),
          device: call.optionalDevice(4))
      ]
    },
    "randn_like.generator": { call in
      try [
        call.tensor(0).randnLike(
          generator: call.optionalGenerator(1), dtype: call.optionalDType(2),
          device: call.optionalDevice(4))
      ]
    },
    "randperm.generator": { call in
      try [
        Tensor.randperm(
          call.int(0), generator: call.optionalGenerator(1), dtype: call.optionalDType(2),
          device: call.optionalDevice(4))
      ]
    },
    "alpha_dropout": { call in
      try [call.tensor(0).alphaDropout(p: call.double(1), training: call.bool(2))]
    },
    "alpha_dropout_": { call in
      try [call.tensor(0).alphaDropout_(p: call.double(1), training: call.bool(2))]
    },
  ]
}

private func calls18() -> [String: (OperatorCall) throws -> [Tensor]] {
  [
    "celu": { call in try [call.tensor(0).celu(alpha: call.scalar(1))] },
    "celu_": { call in try [call.tensor(0).celu_(alpha: call.scalar(1))] },
    "dropout": { call in try [call.tensor(0).dropout(p: call.double(1), training: call.bool(2))] },
    "dropout_": { call in try [call.tensor(0).dropout_(p: call.double(1), training: call.bool(2))]
    },
    "elu": { call in try [call.tensor(0).elu(alpha: call.scalar(1))] },
    "elu_": { call in try [call.tensor(0).elu_(alpha: call.scalar(1))] },
    "feature_alpha_dropout": { call in
      try [call.tensor(0).featureAlphaDropout(p: call.double(1), training: call.bool(2))]
    },
    "feature_alpha_dropout_": { call in
      try [call.tensor(0).featureAlphaDropout_(p: call.double(1), training: call.bool(2))]
    },
    "feature_dropout": { call in
      try [call.tensor(0).featureDropout(p: call.double(1), training: call.bool(2))]
    },
    "feature_dropout_": { call in
      try [call.tensor(0).featureDropout_(p: call.double(1), training: call.bool(2))]
    },
    "gelu": { call in try [call.tensor(0).gelu(approximate: call.choice(1))] },
    "gelu_": { call in try [call.tensor(0).gelu_(approximate: call.choice(1))] },
    "glu": { call in try [call.tensor(0).glu(dim: call.int(1))] },
    "hardshrink": { call in try [call.tensor(0).hardshrink(lambd: call.scalar(1))] },
    "hardsigmoid": { call in try [call.tensor(0).hardsigmoid()] },
    "hardsigmoid_": { call in try [call.tensor(0).hardsigmoid_()] },
    "hardswish": { call in try [call.tensor(0).hardswish()] },
    "hardswish_": { call in try [call.tensor(0).hardswish_()] },
    "hardtanh": { call in
      try [call.tensor(0).hardtanh(minVal: call.scalar(1), maxVal: call.scalar(2))]
    },
    "hardtanh_": { call in
      try [call.tensor(0).hardtanh_(minVal: call.scalar(1), maxVal: call.scalar(2))]
    },
    "leaky_relu": { call in try [call.tensor(0).leakyRelu(negativeSlope: call.scalar(1))] },
    "leaky_relu_": { call in try [call.tensor(0).leakyRelu_(negativeSlope: call.scalar(1))] },
    "log_sigmoid": { call in try [call.tensor(0).logSigmoid()] },
    "log_softmax.int": { call in
      try [call.tensor(0).logSoftmax(dim: call.int(1), dtype: call.optionalDType(2))]
    },
    "mish": { call in try [call.tensor(0).mish()] },
    "mish_": { call in try [call.tensor(0).mish_()] },
    "prelu": { call in try [call.tensor(0).prelu(call.tensor(1))] },
    "relu": { call in try [call.tensor(0).relu()] },
    "relu_": { call in try [call.tensor(0).relu_()] },
    "relu6": { call in try [call.tensor(0).relu6()] },
    "relu6_": { call in try [call.tensor(0).relu6_()] },
    "rrelu": { call in
      try [
        call.tensor(0).rrelu(
          lower: call.scalar(1), upper: call.scalar(2), training: call.bool(3),
          generator: call.optionalGenerator(4))
      ]
    },
    "rrelu_": { call in
      try [
        call.tensor(0).rrelu_(
          lower: call.scalar(1), upper: call.scalar(2), training: call.bool(3),
          generator: call.optionalGenerator(4))
      ]
    },
    "selu": { call in try [call.tensor(0).selu()] },
    "selu_": { call in try [call.tensor(0).selu_()] },
    "silu": { call in try [call.tensor(0).silu()] },
    "silu_": { call in try [call.tensor(0).silu_()] },
    "softmax.int": { call in
      try [call.tensor(0).softmax(dim: call.int(1), dtype: call.optionalDType(2))]
    },
    "softplus": { call in
      try [call.tensor(0).softplus(beta: call.scalar(1), threshold: call.scalar(2))]
    },
    "softshrink": { call in try [call.tensor(0).softshrink(lambd: call.scalar(1))] },
  ]
}

private func calls19() -> [String: (OperatorCall) throws -> [Tensor]] {
  [
    "threshold": { call in try [call.tensor(0).threshold(call.scalar(1), call.scalar(2))] },
    "threshold_": { call in try [call.tensor(0).threshold_(call.scalar(1), call.scalar(2))] },
    "adaptive_avg_pool1d": { call in try [call.tensor(0).adaptiveAvgPool1d(call.ints(1))] },
    "adaptive_avg_pool2d": { call in try [call.tensor(0).adaptiveAvgPool2d(call.ints(1))] },
    "adaptive_avg_pool3d": { call in try [call.tensor(0).adaptiveAvgPool3d(call.ints(1))] },
    "adaptive_max_pool1d": { call in
      let r = try call.tensor(0).adaptiveMaxPool1d(call.ints(1)); return [r.output, r.indices]
    },
    "adaptive_max_pool2d": { call in
      let r = try call.tensor(0).adaptiveMaxPool2d(call.ints(1)); return [r.output, r.indices]
    },
    "adaptive_max_pool3d": { call in
      let r = try call.tensor(0).adaptiveMaxPool3d(call.ints(1)); return [r.output, r.indices]
    },
    "affine_grid_generator": { call in
      try [call.tensor(0).affineGrid(size: call.ints(1), alignCorners: call.bool(2))]
    },
    "avg_pool1d": { call in
      try [
        call.tensor(0).avgPool1d(
          call.ints(1), stride: call.ints(2), padding: call.ints(3), ceilMode: call.bool(4),
          countIncludePad: call.bool(5))
      ]
    },
    "avg_pool2d": { call in
      try [
        call.tensor(0).avgPool2d(
          call.ints(1), stride: call.ints(2), padding: call.ints(3), ceilMode: call.bool(4),
          countIncludePad: call.bool(5), divisorOverride: call.optionalInt(6))
      ]
    },
    "avg_pool3d": { call in
      try [
        call.tensor(0).avgPool3d(
          call.ints(1), stride: call.ints(2), padding: call.ints(3), ceilMode: call.bool(4),
          countIncludePad: call.bool(5), divisorOverride: call.optionalInt(6))
      ]
    },
    "batch_norm": { call in
      try [
        call.tensor(0).batchNorm(
          weight: call.optionalTensor(1), bias: call.optionalTensor(2),
          runningMean: call.optionalTensor(3), runningVar: call.optionalTensor(4),
          training: call.bool(5), momentum: call.double(6), eps: call.double(7))
      ]
    },
    "bilinear": { call in
      try [call.tensor(0).bilinear(call.tensor(1), call.tensor(2), bias: call.optionalTensor(3))]
    },
    "col2im": { call in
      try [
        call.tensor(0).fold(
          outputSize: call.ints(1), kernelSize: call.ints(2), dilation: call.ints(3),
          padding: call.ints(4), stride: call.ints(5))
      ]
    },
    "conv1d": { call in
      try [
        call.tensor(0).conv1d(
          call.tensor(1), bias: call.optionalTensor(2), stride: call.ints(3), padding: call.ints(4),
          dilation: call.ints(5), groups: call.int(6))
      ]
    },
    "conv1d.padding": { call in
      try [
        call.tensor(0).conv1d(
          call.tensor(1), bias: call.optionalTensor(2), stride: call.ints(3),
          padding: call.choice(4), dilation: call.ints(5), groups: call.int(6))
      ]
    },
    "conv2d": { call in
      try [
        call.tensor(0).conv2d(
          call.tensor(1), bias: call.optionalTensor(2), stride: call.ints(3), padding: call.ints(4),
          dilation: call.ints(5), groups: call.int(6))
      ]
    },
    "conv2d.padding": { call in
      try [
        call.tensor(0).conv2d(
          call.tensor(1), bias: call.optionalTensor(2), stride: call.ints(3),
          padding: call.choice(4), dilation: call.ints(5), groups: call.int(6))
      ]
    },
    "conv3d": { call in
      try [
        call.tensor(0).conv3d(
          call.tensor(1), bias: call.optionalTensor(2), stride: call.ints(3), padding: call.ints(4),
          dilation: call.ints(5), groups: call.int(6))
      ]
    },
    "conv3d.padding": { call in
      try [
        call.tensor(0).conv3d(
          call.tensor(1), bias: call.optionalTensor(2), stride: call.ints(3),
          padding: call.choice(4), dilation: call.ints(5), groups: call.int(6))
      ]
    },
    "conv_transpose1d": { call in
      try [
        call.tensor(0).convTranspose1d(
          call.tensor(1), bias: call.optionalTensor(2), stride: call.ints(3), padding: call.ints(4),
          outputPadding: call.ints(5), groups: call.int(6), dilation: call.ints(7))
      ]
    },
    "conv_transpose2d.input": { call in
      try [
        call.tensor(0).convTranspose2d(
          call.tensor(1), bias: call.optionalTensor(2), stride: call.ints(3), padding: call.ints(4),
          outputPadding: call.ints(5), groups: call.int(6), dilation: call.ints(7))
      ]
    },
    "conv_transpose3d.input": { call in
      try [
        call.tensor(0).convTranspose3d(
          call.tensor(1), bias: call.optionalTensor(2), stride: call.ints(3), padding: call.ints(4),
          outputPadding: call.ints(5), groups: call.int(6), dilation: call.ints(7))
      ]
    },
    "embedding": { call in
      try [
        call.tensor(0).embedding(
          call.tensor(1), paddingIdx: call.int(2), scaleGradByFreq: call.bool(3))
      ]
    },
    "embedding_bag.padding_idx": { call in
      try [
        call.tensor(0).embeddingBag(
          call.tensor(1), offsets: call.tensor(2), scaleGradByFreq: call.bool(3),
          mode: call.choice(4), perSampleWeights: call.optionalTensor(6),
          includeLastOffset: call.bool(7), paddingIdx: call.optionalInt(8))
      ]
    },
    "grid_sampler": { call in
      try [
        call.tensor(0).gridSample(
          call.tensor(1), interpolationMode: call.choice(2), paddingMode: call.choice(3),
          alignCorners: call.bool(4))
      ]
    },
    "group_norm": { call in
      try [
        call.tensor(0).groupNorm(
          call.int(1), weight: call.optionalTensor(2), bias: call.optionalTensor(3),
          eps: call.double(4))
      ]
    },
    "fractional_max_pool2d": { call in
      let r = try call.tensor(0).fractionalMaxPool2d(
        call.ints(1), outputSize: call.ints(2), randomSamples: call.tensor(3));
      return [r.output, r.indices]
    },
    "fractional_max_pool3d": { call in
      let r = try call.tensor(0).fractionalMaxPool3d(
        call.ints(1), outputSize: call.ints(2), randomSamples: call.tensor(3));
      return [r.output, r.indices]
    },
    "gru.input": { call in
      let r = try call.tensor(0).gru(
        call.tensor(1), call.tensors(2), hasBiases: call.bool(3), numLayers: call.int(4),
        dropout: call.double(5), training: call.bool(6), bidirectional: call.bool(7),
        batchFirst: call.bool(8));
      return [r.output, r.hidden]
    },
    "gru_cell": { call in
      try [
        call.tensor(0).gruCell(
          call.tensor(1), call.tensor(2), call.tensor(3), bIh: call.optionalTensor(4),
          bHh: call.optionalTensor(5))
      ]
    },
    "im2col": { call in
      try [
        call.tensor(0).unfoldBlocks(
          kernelSize: call.ints(1), dilation: call.ints(2), padding: call.ints(3),
          stride: call.ints(4))
      ]
    },
    "instance_norm": { call in
      try [
        call.tensor(0).instanceNorm(
          weight: call.optionalTensor(1), bias: call.optionalTensor(2),
          runningMean: call.optionalTensor(3), runningVar: call.optionalTensor(4),
          useInputStats: call.bool(5), momentum: call.double(6), eps: call.double(7))
      ]
    },
    "layer_norm": { call in
      try [
        call.tensor(0).layerNorm(
          call.ints(1), weight: call.optionalTensor(2), bias: call.optionalTensor(3),
          eps: call.double(4))
      ]
    },
    "linear": { call in try [call.tensor(0).linear(call.tensor(1), bias: call.optionalTensor(2))] },
    "lstm.input": { call in
      let r = try call.tensor(0).lstm(
        call.tensors(1), call.tensors(2), hasBiases: call.bool(3), numLayers: call.int(4),
        dropout: call.double(5), training: call.bool(6), bidirectional: call.bool(7),
        batchFirst: call.bool(8));
      return [r.output, r.hidden, r.cell]
    },
    "lstm_cell": { call in
      let r = try call.tensor(0).lstmCell(
        call.tensors(1), call.tensor(2), call.tensor(3), bIh: call.optionalTensor(4),
        bHh: call.optionalTensor(5));
      return [r.hidden, r.cell]
    },
    "max_pool1d": { call in
      try [
        call.tensor(0).maxPool1d(
          call.ints(1), stride: call.ints(2), padding: call.ints(3), dilation: call.ints(4),
          ceilMode: call.bool(5))
      ]
    },
    "max_pool1d_with_indices": { call in
      let r = try call.tensor(0).maxPool1dWithIndices(
        call.ints(1), stride: call.ints(2), padding: call.ints(3), dilation: call.ints(4),
        ceilMode: call.bool(5));
      return [r.output, r.indices]
    },
  ]
}

private func calls20() -> [String: (OperatorCall) throws -> [Tensor]] {
  [
    "max_pool2d": { call in
      try [
        call.tensor(0).maxPool2d(
          call.ints(1), stride: call.ints(2), padding: call.ints(3), dilation: call.ints(4),
          ceilMode: call.bool(5))
      ]
    },
    "max_pool2d_with_indices": { call in
      let r = try call.tensor(0).maxPool2dWithIndices(
        call.ints(1), stride: call.ints(2), padding: call.ints(3), dilation: call.ints(4),
        ceilMode: call.bool(5));
      return [r.output, r.indices]
    },
    "max_pool3d": { call in
      try [
        call.tensor(0).maxPool3d(
          call.ints(1), stride: call.ints(2), padding: call.ints(3), dilation: call.ints(4),
          ceilMode: call.bool(5))
      ]
    },
    "max_pool3d_with_indices": { call in
      let r = try call.tensor(0).maxPool3dWithIndices(
        call.ints(1), stride: call.ints(2), padding: call.ints(3), dilation: call.ints(4),
        ceilMode: call.bool(5));
      return [r.output, r.indices]
    },
    "max_unpool2d": { call in try [call.tensor(0).maxUnpool2d(call.tensor(1), call.ints(2))] },
    "max_unpool3d": { call in
      try [
        call.tensor(0).maxUnpool3d(
          call.tensor(1), outputSize: call.ints(2), stride: call.ints(3), padding: call.ints(4))
      ]
    },
    "one_hot": { call in try [call.tensor(0).oneHot(numClasses: call.int(1))] },
    "pad": { call in
      try [call.tensor(0).pad(call.ints(1), mode: call.choice(2), value: call.optionalDouble(3))]
    },
    "pixel_shuffle": { call in try [call.tensor(0).pixelShuffle(call.int(1))] },
    "pixel_unshuffle": { call in try [call.tensor(0).pixelUnshuffle(call.int(1))] },
    "rms_norm": { call in
      try [
        call.tensor(0).rmsNorm(
          call.ints(1), weight: call.optionalTensor(2), eps: call.optionalDouble(3))
      ]
    },
    "rnn_relu.input": { call in
      let r = try call.tensor(0).rnnRelu(
        call.tensor(1), call.tensors(2), hasBiases: call.bool(3), numLayers: call.int(4),
        dropout: call.double(5), training: call.bool(6), bidirectional: call.bool(7),
        batchFirst: call.bool(8));
      return [r.output, r.hidden]
    },
    "rnn_relu_cell": { call in
      try [
        call.tensor(0).rnnReluCell(
          call.tensor(1), call.tensor(2), call.tensor(3), bIh: call.optionalTensor(4),
          bHh: call.optionalTensor(5))
      ]
    },
    "rnn_tanh.input": { call in
      let r = try call.tensor(0).rnnTanh(
        call.tensor(1), call.tensors(2), hasBiases: call.bool(3), numLayers: call.int(4),
        dropout: call.double(5), training: call.bool(6), bidirectional: call.bool(7),
        batchFirst: call.bool(8));
      return [r.output, r.hidden]
    },
    "rnn_tanh_cell": { call in
      try [
        call.tensor(0).rnnTanhCell(
          call.tensor(1), call.tensor(2), call.tensor(3), bIh: call.optionalTensor(4),
          bHh: call.optionalTensor(5))
      ]
    },
    "upsample_bicubic2d.vec": { call in
      try [
        call.tensor(0).upsampleBicubic2d(
          call.optionalInts(1), alignCorners: call.bool(2), scaleFactors: call.optionalDoubles(3))
      ]
    },
    "upsample_bilinear2d.vec": { call in
      try [
        call.tensor(0).upsampleBilinear2d(
          call.optionalInts(1), alignCorners: call.bool(2), scaleFactors: call.optionalDoubles(3))
      ]
    },
    "upsample_linear1d.vec": { call in
      try [
        call.tensor(0).upsampleLinear1d(
          call.optionalInts(1), alignCorners: call.bool(2), scaleFactors: call.optionalDoubles(3))
      ]
    },
    "upsample_nearest1d.vec": { call in
      try [call.tensor(0).upsampleNearest1d(call.optionalInts(1), call.optionalDoubles(2))]
    },
    "upsample_nearest2d.vec": { call in
      try [call.tensor(0).upsampleNearest2d(call.optionalInts(1), call.optionalDoubles(2))]
    },
    "upsample_nearest3d.vec": { call in
      try [call.tensor(0).upsampleNearest3d(call.optionalInts(1), call.optionalDoubles(2))]
    },
    "upsample_trilinear3d.vec": { call in
      try [
        call.tensor(0).upsampleTrilinear3d(
          call.optionalInts(1), alignCorners: call.bool(2), scaleFactors: call.optionalDoubles(3))
      ]
    },
    "scaled_dot_product_attention": { call in
      try [
        scaledDotProductAttention(
          call.tensor(0), call.tensor(1), call.tensor(2), attnMask: call.optionalTensor(3),
          dropoutP: call.double(4), isCausal: call.bool(5), scale: call.optionalDouble(6),
          enableGqa: call.bool(7))
      ]
    },
    "binary_cross_entropy": { call in
      try [
        binaryCrossEntropy(
          call.tensor(0), call.tensor(1), weight: call.optionalTensor(2), reduction: call.choice(3))
      ]
    },
    "binary_cross_entropy_with_logits": { call in
      try [
        binaryCrossEntropyWithLogits(
          call.tensor(0), call.tensor(1), weight: call.optionalTensor(2),
          posWeight: call.optionalTensor(3), reduction: call.choice(4))
      ]
    },
    "cosine_embedding_loss": { call in
      try [
        cosineEmbeddingLoss(
          call.tensor(0), call.tensor(1), call.tensor(2), margin: call.double(3),
          reduction: call.choice(4))
      ]
    },
    "cross_entropy_loss": { call in
      try [
        crossEntropy(
          call.tensor(0), call.tensor(1), weight: call.optionalTensor(2), reduction: call.choice(3),
          ignoreIndex: call.int(4), labelSmoothing: call.double(5))
      ]
    },
    "ctc_loss.IntList": { call in
      try [
        ctcLoss(
          call.tensor(0), call.tensor(1), inputLengths: call.ints(2), targetLengths: call.ints(3),
          blank: call.int(4), reduction: call.choice(5), zeroInfinity: call.bool(6))
      ]
    },
    "ctc_loss.Tensor": { call in
      try [
        ctcLoss(
          call.tensor(0), call.tensor(1), inputLengths: call.tensor(2),
          targetLengths: call.tensor(3), blank: call.int(4), reduction: call.choice(5),
          zeroInfinity: call.bool(6))
      ]
    },
    "hinge_embedding_loss": { call in
      try [
        hingeEmbeddingLoss(
          call.tensor(0), call.tensor(1), margin: call.double(2), reduction: call.choice(3))
      ]
    },
    "huber_loss": { call in
      try [
        huberLoss(call.tensor(0), call.tensor(1), reduction: call.choice(2), delta: call.double(3))
      ]
    },
    "kl_div": { call in
      try [
        klDiv(call.tensor(0), call.tensor(1), reduction: call.choice(2), logTarget: call.bool(3))
      ]
    },
    "l1_loss": { call in try [l1Loss(call.tensor(0), call.tensor(1), reduction: call.choice(2))] },
    "margin_ranking_loss": { call in
      try [
        marginRankingLoss(
          call.tensor(0), call.tensor(1), call.tensor(2), margin: call.double(3),
          reduction: call.choice(4))
      ]
    },
    "mse_loss": { call in try [mseLoss(call.tensor(0), call.tensor(1), reduction: call.choice(2))]
    },
    "multi_margin_loss": { call in
      try [
        multiMarginLoss(
          call.tensor(0), call.tensor(1), p: call.scalar(2), margin: call.scalar(3),
          weight: call.optionalTensor(4), reduction: call.choice(5))
      ]
    },
    "multilabel_margin_loss": { call in
      try [multilabelMarginLoss(call.tensor(0), call.tensor(1), reduction: call.choice(2))]
    },
    "nll_loss_nd": { call in
      try [
        nllLoss(
          call.tensor(0), call.tensor(1), weight: call.optionalTensor(2), reduction: call.choice(3),
          ignoreIndex: call.int(4))
      ]
    },
    "poisson_nll_loss": { call in
      try [
        poissonNllLoss(
          call.tensor(0), call.tensor(1), logInput: call.bool(2), full: call.bool(3),
          eps: call.double(4), reduction: call.choice(5))
      ]
    },
    "smooth_l1_loss": { call in
      try [
        smoothL1Loss(
          call.tensor(0), call.tensor(1), reduction: call.choice(2), beta: call.double(3))
      ]
    },
  ]
}

private func calls21() -> [String: (OperatorCall) throws -> [Tensor]] {
  [
    "soft_margin_loss": { call in
      try [softMarginLoss(call.tensor(0), call.tensor(1), reduction: call.choice(2))]
    },
    "triplet_margin_loss": { call in
      try [
        tripletMarginLoss(
          call.tensor(0), call.tensor(1), call.tensor(2), margin: call.double(3), p: call.double(4),
          eps: call.double(5), swap: call.bool(6), reduction: call.choice(7))
      ]
    },
  ]
}

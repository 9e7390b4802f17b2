// The exact Gaussian error linear unit, by the error function (Hendrycks & Gimpel 2016).

/// erf(x / √2) by Abramowitz & Stegun 7.1.26. Absolute error below 2e-7; in float about 4e-7.
/// `gaussian` receives exp(-x²/2), which the gradient needs.
INLINE floats error_function(floats x, floats *gaussian) {
  floats z = (floats)((ints)x & 0x7fffffff) * 0.70710678f;
  floats t = 1.0f / (1.0f + 0.3275911f * z);
  *gaussian = exponential(-(z * z));
  floats p = 1.061405429f;
  p = p * t - 1.453152027f;
  p = p * t + 1.421413741f;
  p = p * t - 0.284496736f;
  p = p * t + 0.254829592f;
  floats positive = 1.0f - p * t * *gaussian;
  return (floats)((ints)positive | ((ints)x & (int32_t)0x80000000));
}

static void gelu_forward(int64_t count, ck_type type, const void *x, void *y) {
  for (int64_t i = 0; i < count; i += LANES) {
    floats v = load_part(x, type, i, count - i), gaussian;
    store_part(y, type, i, count - i, 0.5f * v * (1.0f + error_function(v, &gaussian)));
  }
}

static void gelu_backward(
    int64_t count, ck_type type, const void *x, const void *y_gradient, void *x_gradient) {
  for (int64_t i = 0; i < count; i += LANES) {
    floats v = load_part(x, type, i, count - i), gaussian;
    floats cumulative = 0.5f * (1.0f + error_function(v, &gaussian));
    floats slope = cumulative + v * gaussian * 0.39894228f;
    store_part(
        x_gradient, type, i, count - i, slope * load_part(y_gradient, type, i, count - i));
  }
}

// Adam with decoupled weight decay (Loshchilov & Hutter 2019), and gradient clipping in the same
// pass.

INLINE floats square_root(floats v) { return __builtin_elementwise_sqrt(v); }

static void adamw(
    const ck_adamw *a, int64_t count, float *parameter, const float *gradient, float *exp_avg,
    float *exp_avg_sq) {
  for (int64_t i = 0; i < count; i += LANES) {
    int64_t left = count - i;
    floats g = load_part(gradient, CK_FLOAT32, i, left) * a->gradient_factor;
    floats p = load_part(parameter, CK_FLOAT32, i, left) * a->decay;
    floats m = load_part(exp_avg, CK_FLOAT32, i, left);
    floats v = load_part(exp_avg_sq, CK_FLOAT32, i, left);
    m = m + a->exp_avg_weight * (g - m);
    v = v + a->exp_avg_sq_weight * (g * g - v);
    p = p - a->step_size * m / (square_root(v) * a->inverse_root_correction + a->epsilon);
    store_part(exp_avg, CK_FLOAT32, i, left, m);
    store_part(exp_avg_sq, CK_FLOAT32, i, left, v);
    store_part(parameter, CK_FLOAT32, i, left, p);
  }
}

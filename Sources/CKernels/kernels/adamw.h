// Adam with decoupled weight decay (Loshchilov & Hutter 2019), clipping in the same pass.

INLINE floats square_root(floats v) { return __builtin_elementwise_sqrt(v); }

static void adamw(
    const ck_adamw *a, int64_t count, float *parameter, const float *gradient, float *first,
    float *second) {
  for (int64_t i = 0; i < count; i += LANES) {
    int64_t left = count - i;
    floats g = load_part(gradient, CK_FLOAT32, i, left) * a->gradient_factor;
    floats p = load_part(parameter, CK_FLOAT32, i, left) * a->decay;
    floats m = load_part(first, CK_FLOAT32, i, left);
    floats v = load_part(second, CK_FLOAT32, i, left);
    m = m + a->first_rate * (g - m);
    v = v + a->second_rate * (g * g - v);
    p = p - a->step_size * m / (square_root(v) * a->inverse_root_correction + a->epsilon);
    store_part(first, CK_FLOAT32, i, left, m);
    store_part(second, CK_FLOAT32, i, left, v);
    store_part(parameter, CK_FLOAT32, i, left, p);
  }
}

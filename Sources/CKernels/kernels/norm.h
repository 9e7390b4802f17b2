// y = norm(dropout(x) + residual), row by row (Ba, Kiros & Hinton 2016; Srivastava et al. 2014).

/// The dropout of one row.
typedef struct row_dropout {
  ck_dropout dropout;
  uint32_t position, sequence;
  random_group group;
} row_dropout;

INLINE row_dropout dropout_of_row(const ck_norm *n, int64_t i) {
  return (row_dropout){
      .dropout = n->dropout,
      .position = n->dropout.threshold > 0 ? n->positions[i] : 0,
      .sequence = n->dropout.threshold > 0 ? n->sequences[i] : 0};
}

INLINE floats apply_dropout(row_dropout *d, int64_t column, floats v) {
  if (d->dropout.threshold == 0) return v;
  if (column % RANDOM_GROUP == 0) {
    d->group = random_group_at(
        d->dropout.seed, column / RANDOM_GROUP, d->position, 0, d->sequence);
  }
  return v * dropout_factor(d->dropout, &d->group, column % RANDOM_GROUP / LANES);
}

static void dropout(const ck_norm *n) {
  for (int64_t i = 0; i < n->row_count; i++) {
    row_dropout d = dropout_of_row(n, i);
    for (int64_t j = 0; j < n->size; j += LANES) {
      floats v = load_part(row(n->input, i), n->input.type, j, n->size - j);
      store_part(row(n->out, i), n->out.type, j, n->size - j, apply_dropout(&d, j, v));
    }
  }
}

static void norm_forward(const ck_norm *n) {
  float size = (float)n->size;
  for (int64_t i = 0; i < n->row_count; i++) {
    row_dropout d = dropout_of_row(n, i);
    floats total = 0;
    for (int64_t j = 0; j < n->size; j += LANES) {
      int64_t left = n->size - j;
      floats v = apply_dropout(&d, j, load_part(row(n->input, i), n->input.type, j, left));
      if (n->residual.data) v += load_part(row(n->residual, i), n->residual.type, j, left);
      store_part(row(n->sum, i), n->sum.type, j, left, v);
      total += v;
    }
    float mean = sum(total) / size;
    floats squares = 0;
    for (int64_t j = 0; j < n->size; j += LANES) {
      int64_t left = n->size - j;
      floats v = load_part(row(n->sum, i), n->sum.type, j, left) - mean;
      v = select_lanes(lane_indices < (int32_t)left, v, (floats)0.0f);
      squares += v * v;
    }
    float inverse = 1 / sqrtf(sum(squares) / size + n->epsilon);
    n->mean[i] = mean;
    n->inverse_deviation[i] = inverse;
    for (int64_t j = 0; j < n->size; j += LANES) {
      int64_t left = n->size - j;
      floats v = (load_part(row(n->sum, i), n->sum.type, j, left) - mean) * inverse;
      v = v * load_part(n->weight, CK_FLOAT32, j, left) + load_part(n->bias, CK_FLOAT32, j, left);
      store_part(row(n->out, i), n->out.type, j, left, v);
    }
  }
}

static void norm_backward(const ck_norm *n) {
  float size = (float)n->size;
  for (int64_t i = 0; i < n->row_count; i++) {
    row_dropout d = dropout_of_row(n, i);
    float mean = n->mean[i], inverse = n->inverse_deviation[i];
    floats gradients = 0, products = 0;
    for (int64_t j = 0; j < n->size; j += LANES) {
      int64_t left = n->size - j;
      floats v = (load_part(row(n->sum, i), n->sum.type, j, left) - mean) * inverse;
      floats g = load_part(row(n->out_gradient, i), n->out_gradient.type, j, left);
      store_part(
          n->weight_gradient, CK_FLOAT32, j, left,
          load_part(n->weight_gradient, CK_FLOAT32, j, left) + g * v);
      store_part(
          n->bias_gradient, CK_FLOAT32, j, left,
          load_part(n->bias_gradient, CK_FLOAT32, j, left) + g);
      g *= load_part(n->weight, CK_FLOAT32, j, left);
      gradients += g;
      products += g * v;
    }
    float gradient_mean = sum(gradients) / size, product_mean = sum(products) / size;
    for (int64_t j = 0; j < n->size; j += LANES) {
      int64_t left = n->size - j;
      floats v = (load_part(row(n->sum, i), n->sum.type, j, left) - mean) * inverse;
      floats g = load_part(row(n->out_gradient, i), n->out_gradient.type, j, left) *
                 load_part(n->weight, CK_FLOAT32, j, left);
      g = (g - gradient_mean - v * product_mean) * inverse;
      if (n->residual_gradient.data) {
        store_part(row(n->residual_gradient, i), n->residual_gradient.type, j, left, g);
      }
      store_part(row(n->input_gradient, i), n->input_gradient.type, j, left, apply_dropout(&d, j, g));
    }
  }
}

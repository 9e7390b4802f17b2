internal import CTorch

/// Runs `body` with the operators that gain from it in a shorter type, as PyTorch's
/// `torch.autocast`.
///
/// Matrix products, linear maps and attention convert their arguments and give results of type
/// `dtype`; losses and others that need the range convert theirs to float32; the rest take what they
/// get. Parameters stay as they are, and so do their gradients. Each parameter is converted once in a scope,
/// however often it is used; large weights of ``Linear`` in bfloat16 on the CPU in each forward pass.
///
/// ```swift
/// let loss = try withAutocast(.bfloat16, device: .cpu) { crossEntropy(try model(x), y) }
/// try loss.backward()   // outside: each step back has the type that its way forward had
/// ```
///
/// Scopes nest, the innermost counts, and what is converted is forgotten when the outermost ends: do
/// not change a parameter inside. A scope is one thread's.
///
/// - Parameters:
///   - dtype: `bfloat16` or `float16`, the latter with a ``GradientScaler``; `float32` switches
///     an outer scope off. Any other is a failed operator.
///   - device: The kind of device whose operators are meant; its index does not matter.
///   - body: Forward passes and losses.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws.
public func withAutocast<Result, Failure: Error>(
  _ dtype: DType, device: Device, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  guard [.bfloat16, .float16, .float32].contains(dtype) else {
    operatorFailed(
      "withAutocast", "\(dtype)",
      "autocast works in bfloat16 or float16; float32 switches it off")
    return try body()
  }
  var state = autocastState(device)
  state.is_enabled = dtype != .float32
  if state.is_enabled { state.dtype = dtype.rawValue }
  var previous = ct_autocast()
  check(ct_autocast_begin(device.kind.rawValue, state, &previous), "withAutocast on \(device)")
  defer { ct_autocast_end(device.kind.rawValue, previous) }
  return try body()
}

/// The type that autocast converts to on this thread for a kind of device; `nil` outside of
/// ``withAutocast(_:device:_:)``.
public func autocastDType(on device: Device) -> DType? {
  let state = autocastState(device)
  return state.is_enabled ? DType(rawValue: state.dtype) : nil
}

private func autocastState(_ device: Device) -> ct_autocast {
  var state = ct_autocast()
  check(ct_autocast_get(device.kind.rawValue, &state), "autocast state of \(device)")
  return state
}

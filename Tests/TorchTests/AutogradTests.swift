import Testing
import Torch

@Suite struct AutogradTests {
  @Test func gradientOfASquareIsTwiceTheValue() throws {
    let x = Tensor([1, 2, 3] as [Float])
    x.requiresGrad = true
    try (x * x).sum().backward()
    #expect(x.grad?.array(of: Float.self) == [2, 4, 6])
  }

  @Test func gradientsAccumulateUntilReset() throws {
    let x = Tensor(2.0 as Float)
    x.requiresGrad = true
    try (x * 3).backward()
    try (x * 3).backward()
    #expect(x.grad?.item == 6)
    x.grad = nil
    try (x * 3).backward()
    #expect(x.grad?.item == 3)
  }

  @Test func noGradRecordsNothing() {
    let x = Tensor(2.0 as Float)
    x.requiresGrad = true
    #expect(noGrad { x * 3 }.requiresGrad == false)
    #expect((x * 3).requiresGrad)
    #expect((x * 3).detach().requiresGrad == false)
  }

  @Test func hookRunsAfterEachAccumulation() throws {
    let x = Tensor(2.0 as Float)
    x.requiresGrad = true
    nonisolated(unsafe) var seen: [Double] = []
    var hook: GradientHook? = GradientHook(on: x) { seen.append(x.grad?.item ?? -1) }
    try (x * 3).backward()
    try (x * 3).backward()
    #expect(seen == [3, 6])
    #expect(hook != nil)
    hook = nil
    try (x * 3).backward()
    #expect(seen == [3, 6])
  }

  @Test func gradientIsWrittenIntoItsBuffer() throws {
    let layer = Linear(128, 128)
    let x = Tensor.randn([4, 128])
    try layer(x).sum().backward()
    let expected = layer.weight.grad?.array(of: Float.self)
    let hook = GradientHook(on: layer.weight) {}
    let buffer = Tensor.full([128, 128], 9.0)
    hook.setBuffer(buffer)
    // The leaf already has a gradient, to which autograd adds: the buffer is not used.
    try layer(x).sum().backward()
    #expect(layer.weight.grad?.dataAddress != buffer.dataAddress)
    #expect(buffer.array(of: Float.self).allSatisfy { $0 == 9 })
    layer.weight.grad = nil
    try layer(x).sum().backward()
    #expect(layer.weight.grad?.dataAddress == buffer.dataAddress)
    #expect(buffer.array(of: Float.self) == expected)
    // A buffer is used once.
    layer.weight.grad = nil
    try layer(x).sum().backward()
    #expect(layer.weight.grad?.dataAddress != buffer.dataAddress)
    withExtendedLifetime(hook) {}
  }

  @Test func bufferOfAnotherShapeFails() async {
    await #expect(processExitsWith: .failure) {
      let layer = Linear(128, 128)
      GradientHook(on: layer.weight) {}.setBuffer(Tensor.zeros([128]))
    }
  }

  @Test func backwardThrowsTheErrorOfAHook() throws {
    struct HookError: Error, Equatable { var code: Int }
    let x = Tensor(2.0 as Float)
    x.requiresGrad = true
    let hook = GradientHook(on: x) { throw HookError(code: 42) }
    #expect(throws: HookError(code: 42)) { try (x * 3).backward() }
    withExtendedLifetime(hook) {}
  }

  @Test func atEndOfBackwardRunsAfterAllHooks() throws {
    let x = Tensor(2.0 as Float)
    let y = Tensor(2.0 as Float)
    var events: [String] = []
    let hooks = [x, y].map { leaf in
      leaf.requiresGrad = true
      return GradientHook(on: leaf) {
        if events.isEmpty { atEndOfBackward { events.append("end") } }
        events.append("hook")
      }
    }
    try (x * y).backward()
    #expect(events == ["hook", "hook", "end"])
    withExtendedLifetime(hooks) {}
  }
}

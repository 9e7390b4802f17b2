import CTorch
import FakeAccelerator
import Testing
import Torch

/// Over devices that write down what libtorch asks of them.
@Suite struct SideStreamTests {
  private func log() -> [String] {
    String(cString: fake_accelerator_log()).split(separator: "\n").map(String.init)
  }

  private func stream() throws -> ct_side_stream {
    var made: ct_side_stream?
    #expect(ct_side_stream_create(fake_accelerator_type(), 1, &made) == nil)
    return try #require(made)
  }

  @Test func workOfASideStreamComesAfterThatOfTheProgramAndIsMarked() throws {
    let stream = try stream()
    defer { ct_side_stream_release(stream) }
    _ = log()

    var native: UnsafeMutableRawPointer?
    var previous: Int32 = -1
    #expect(ct_side_stream_begin(stream, &native, &previous) == nil)
    #expect(native == UnsafeMutableRawPointer(bitPattern: 107) && previous == 0)
    let event = try #require(Int(log().first?.split(separator: " ")[1] ?? ""))
    let tensor = Tensor(zeros: [2])
    #expect(ct_side_stream_record_tensor(stream, tensor.unsafeHandle) == nil)
    var mark: ct_event?
    #expect(ct_side_stream_record_event(stream, &mark) == nil)
    #expect(ct_side_stream_end(stream, previous) == nil)
    #expect(
      log() == [
        "memory is kept for stream 1:7", "event \(event + 1) in stream 1:7", "device 0",
      ])

    var isReached = true
    fake_accelerator_set_reached(false)
    #expect(ct_event_query(mark, &isReached) == nil && !isReached)
    fake_accelerator_set_reached(true)
    #expect(ct_event_query(mark, &isReached) == nil && isReached)
    ct_event_release(mark)
    #expect(log() == ["event \(event + 1) ends"])
  }

  @Test func theProgramsStreamIsWaitedFor() throws {
    let stream = try stream()
    defer { ct_side_stream_release(stream) }
    _ = log()
    var native: UnsafeMutableRawPointer?
    var previous: Int32 = -1
    #expect(ct_side_stream_begin(stream, &native, &previous) == nil)
    let lines = log()
    let event = try #require(lines.first?.split(separator: " ")[1])
    #expect(
      lines == [
        "event \(event) in stream 1:0", "stream 1:7 waits for event \(event)", "device 1",
        "event \(event) ends",
      ])
    #expect(ct_side_stream_end(stream, previous) == nil)
  }

  @Test func aKindOfDeviceThatIsNotThereIsAnError() {
    var made: ct_side_stream?
    let error = ct_side_stream_create(18, 0, &made)
    #expect(error != nil && made == nil)
    ct_error_free(error)
  }
}

/// An entry of an event file: TensorFlow's message `Event` (event.proto, summary.proto).
struct TensorBoardEvent {
  /// The payload of an event, with its step if it has one.
  enum Content {
    /// The first event of every file.
    case fileVersion
    /// Discards events of earlier files from this step on.
    case start(step: Int)
    case scalars([String: Double], step: Int)
    /// Markdown text.
    case text(tag: String, String)
  }

  var content: Content

  /// Seconds since 1970.
  var wallTime: Double

  /// The serialized message.
  var bytes: [UInt8] {
    ProtobufMessage { event in
      event.double(1, wallTime)
      switch content {
      case .fileVersion:
        event.string(3, "brain.Event:2")
      case .start(let step):
        event.integer(2, step)
        event.message(7) { $0.integer(1, 1) }  // SessionLog, status START
      case .scalars(let scalars, let step):
        event.integer(2, step)
        event.message(5) { summary in
          for (tag, value) in scalars.sorted(by: { $0.key < $1.key }) {
            summary.message(1) {
              $0.string(1, tag)
              $0.float(2, Float(value))  // simple_value, as in PyTorch's SummaryWriter
            }
          }
        }
      case .text(let tag, let text):
        event.message(5) { summary in
          summary.message(1) { value in
            value.string(1, tag)
            value.message(8) { tensor in
              tensor.integer(1, 7)  // DT_STRING
              tensor.message(2) { shape in shape.message(2) { $0.integer(1, 1) } }
              tensor.string(8, text)
            }
            value.message(9) { metadata in metadata.message(1) { $0.string(1, "text") } }
          }
        }
      }
    }.bytes
  }
}

import Collectives
import NIOCore
import NIOHTTP1
import NIOPosix

/// Answers `/healthz`, `/status` and `/metrics` over HTTP, on a thread of its own.
///
/// Each connection gets one answer and is closed; one that does not ask within ten seconds is closed, too,
/// and so is one too many at once.
final class StatusServer {
  /// How many connections may be open at once.
  static let connectionLimit = 64

  /// The port at which it listens.
  let port: Int
  private let group: MultiThreadedEventLoopGroup
  private let channel: any Channel

  /// Starts to listen on all of this machine's addresses.
  ///
  /// - Parameters:
  ///   - port: The port, 0 for any free one.
  ///   - status: What to tell; is called on another thread, for each request.
  /// - Throws: ``ElasticError`` if the port is in use.
  init(port: Int, status: @escaping @Sendable () -> JobStatus) throws(ElasticError) {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do {
      channel = try TCPListener.listen(
        host: nil, port: port, on: group, limit: Self.connectionLimit
      ) { channel in
        let handlers = channel.pipeline.syncOperations
        try handlers.addHandler(IdleStateHandler(allTimeout: .seconds(10)))
        try handlers.configureHTTPServerPipeline(withPipeliningAssistance: false)
        try handlers.addHandler(StatusHandler(status: status))
      }
    } catch {
      try? group.syncShutdownGracefully()
      throw ElasticError(
        .system, "--status-port \(port): cannot listen there: \(error); choose another, or 0")
    }
    self.group = group
    self.port = channel.localAddress?.port ?? port
  }

  deinit {
    try? channel.close().wait()
    try? group.syncShutdownGracefully()
  }
}

/// Answers one request.
private final class StatusHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let status: @Sendable () -> JobStatus

  init(status: @escaping @Sendable () -> JobStatus) { self.status = status }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(let request) = unwrapInboundIn(data) else { return }
    let isRead = request.method == .GET || request.method == .HEAD
    let answer =
      isRead
      ? StatusAnswer(path: request.uri, status: status())
      : StatusAnswer(code: 405, type: "text/plain", body: Array("only GET\n".utf8))
    var headers = HTTPHeaders()
    headers.add(name: "Content-Type", value: "\(answer.type); charset=utf-8")
    headers.add(name: "Content-Length", value: String(answer.body.count))
    headers.add(name: "Connection", value: "close")
    let head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: answer.code), headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if request.method != .HEAD {
      let body = context.channel.allocator.buffer(bytes: answer.body)
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }
    let channel = context.channel
    context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
      channel.close(promise: nil)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}

/// What a path of the status server answers.
package struct StatusAnswer: Sendable {
  package var code: Int
  package var type: String
  package var body: [UInt8]

  package init(code: Int, type: String, body: [UInt8]) {
    self.code = code
    self.type = type
    self.body = body
  }

  package init(path: String, status: JobStatus) {
    switch path.prefix(while: { $0 != "?" }) {
    case "/healthz":
      self.init(
        code: status.isHealthy ? 200 : 503, type: "text/plain",
        body: Array("\(status.state.rawValue)\n".utf8))
    case "/status":
      self.init(code: 200, type: "application/json", body: status.json)
    case "/metrics":
      self.init(code: 200, type: "text/plain; version=0.0.4", body: Array(status.prometheus.utf8))
    default:
      self.init(
        code: 404, type: "text/plain", body: Array("there are /healthz, /status, /metrics\n".utf8))
    }
  }
}

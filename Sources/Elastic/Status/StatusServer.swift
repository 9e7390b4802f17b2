import Collectives
import NIOCore
import NIOHTTP1
import NIOPosix

/// Serves `/healthz`, `/status` and `/metrics` over HTTP on a separate thread.
///
/// Each connection is closed after one response, or after ten seconds without a request. Beyond the
/// limit, the oldest connection without a request gives way to a new one.
final class StatusServer {
  /// The maximum number of open connections.
  static let connectionLimit = 64

  /// The port on which the server listens.
  let port: Int
  private let group: MultiThreadedEventLoopGroup
  private let channel: any Channel

  /// Starts the server on all addresses of this machine.
  ///
  /// - Parameters:
  ///   - port: The port; 0 selects a free one.
  ///   - status: Returns the current status. Called on the server's thread for each request.
  /// - Throws: ``ElasticError`` if the port is in use.
  init(port: Int, status: @escaping @Sendable () -> JobStatus) throws(ElasticError) {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let limit = ConnectionLimit(Self.connectionLimit)
    do {
      channel = try TCPListener.listen(
        host: nil, port: port, on: group, limit: limit
      ) { channel in
        let handlers = channel.pipeline.syncOperations
        try handlers.addHandler(IdleStateHandler(allTimeout: .seconds(10)))
        try handlers.configureHTTPServerPipeline(withPipeliningAssistance: false)
        try handlers.addHandler(StatusHandler(limit: limit, status: status))
      }
    } catch {
      try? group.syncShutdownGracefully()
      throw ElasticError(
        .system,
        "--status-port \(port): cannot listen on this port: \(error); use another port, or 0 for a "
          + "free one")
    }
    self.group = group
    self.port = channel.localAddress?.port ?? port
  }

  deinit {
    try? channel.close().wait()
    try? group.syncShutdownGracefully()
  }
}

/// Responds to one request.
private final class StatusHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let limit: ConnectionLimit
  private let status: @Sendable () -> JobStatus

  init(limit: ConnectionLimit, status: @escaping @Sendable () -> JobStatus) {
    self.limit = limit
    self.status = status
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(let request) = unwrapInboundIn(data) else { return }
    limit.introduce(context.channel)
    let isRead = request.method == .GET || request.method == .HEAD
    let response =
      isRead
      ? StatusResponse(path: request.uri, status: status())
      : StatusResponse(code: 405, type: "text/plain", body: Array("use GET or HEAD\n".utf8))
    var headers = HTTPHeaders()
    headers.add(name: "Content-Type", value: "\(response.type); charset=utf-8")
    headers.add(name: "Content-Length", value: String(response.body.count))
    headers.add(name: "Connection", value: "close")
    let head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: response.code), headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if request.method != .HEAD {
      let body = context.channel.allocator.buffer(bytes: response.body)
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

/// The status server's response to a request.
package struct StatusResponse: Sendable {
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
        code: 404, type: "text/plain",
        body: Array("not found; use /healthz, /status or /metrics\n".utf8))
    }
  }
}

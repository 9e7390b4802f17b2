import NIOCore
import NIOPosix

/// A server that accepts every connection and sends the same reply to each.
final class BadServer: Sendable {
  let port: Int

  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

  init(answer: [UInt8]) throws {
    let channel = try ServerBootstrap(group: group)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if !answer.isEmpty {
            channel.writeAndFlush(ByteBuffer(bytes: answer), promise: nil)
          }
        }
      }
      .bind(host: "127.0.0.1", port: 0).wait()
    port = channel.localAddress?.port ?? 0
  }

  func close() {
    try? group.syncShutdownGracefully()
  }
}

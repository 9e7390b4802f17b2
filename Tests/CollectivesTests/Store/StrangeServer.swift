import NIOCore
import NIOPosix

/// A server that takes every connection and says one thing whatever it is asked.
final class StrangeServer: Sendable {
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

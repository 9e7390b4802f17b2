// The server and the clients of the store benchmark, Benchmarks/store.py.
//
//   StoreBench serve              starts a TCPStore server on a loopback port, prints the port, and
//                                 exits when its standard input closes
//   StoreBench load PORT CLIENTS  connects CLIENTS clients, runs one exchange on each, and prints
//                                 `ready`. Then reads lines `MILLISECONDS` from standard input. For
//                                 each, all clients repeat the exchange for that time, and the
//                                 program prints the number of exchanges and their duration in
//                                 nanoseconds.
//
// An exchange is three operations in one packet: set 32 bytes, get them, and add 1 to a shared
// counter. It sends raw bytes instead of using the client, so both servers receive identical
// requests.

import Collectives
import Foundation

func bytes(of number: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: number.littleEndian, Array.init)
}

/// A key or a value, preceded by its length.
func block(_ content: [UInt8]) -> [UInt8] { bytes(of: UInt64(content.count)) + content }

/// One client's connection.
struct Client {
  let descriptor: Int32
  let request: [UInt8]
  var missing = 0

  /// The size of the reply to ``request``: the length of the value, the value, and the sum.
  static let replyBytes = 8 + 32 + 8

  init(port: UInt16, number: Int) {
    let key = block(Array("/client\(number)".utf8))
    request =
      [1] + key + block([UInt8](repeating: 7, count: 32)) + [3] + key
      + [4] + block(Array("/sum".utf8)) + bytes(of: Int64(1))
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    precondition(status == 0, "StoreBench: cannot connect: errno \(errno)")
    var on: Int32 = 1
    setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    // Wait for the reply before the next client connects: PyTorch's server takes minutes to accept
    // a thousand concurrent connections.
    let greeting = [0] + bytes(of: UInt32(0x3C85_F7CE)) + [13] + bytes(of: UInt32(1))
    precondition(send(descriptor, greeting, greeting.count, 0) == greeting.count)
    var echo: UInt32 = 0
    precondition(recv(descriptor, &echo, 4, Int32(MSG_WAITALL)) == 4 && echo == 1)
    self.descriptor = descriptor
  }

  mutating func sendRequest() {
    missing = Client.replyBytes
    precondition(send(descriptor, request, request.count, 0) == request.count)
  }

  /// Receives a part of the reply, and returns whether the reply is complete.
  mutating func receiveReply(_ buffer: inout [UInt8]) -> Bool {
    let count = recv(descriptor, &buffer, missing, 0)
    precondition(count > 0, "StoreBench: the server closed the connection")
    missing -= count
    return missing == 0
  }
}

/// Runs exchanges on all clients for a time, at least one on each, and returns their number.
func run(_ clients: inout [Client], for duration: Duration) -> Int {
  let end = ContinuousClock.now + duration
  var buffer = [UInt8](repeating: 0, count: Client.replyBytes)
  var entries = clients.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
  var waiting = clients.count
  var exchanges = 0
  for index in clients.indices { clients[index].sendRequest() }
  while waiting > 0 {
    poll(&entries, nfds_t(entries.count), -1)
    let isOver = ContinuousClock.now >= end
    for index in clients.indices where entries[index].revents != 0 {
      guard clients[index].receiveReply(&buffer) else { continue }
      exchanges += 1
      if isOver { waiting -= 1 } else { clients[index].sendRequest() }
    }
  }
  return exchanges
}

func say(_ line: String) {
  print(line)
  fflush(nil)
}

let words = CommandLine.arguments.dropFirst()
switch words.first {
case "serve":
  let server = try TCPStoreServer.start(host: "127.0.0.1")
  say("\(server.port)")
  while readLine() != nil {}
  server.close()
case "load":
  guard words.count == 3, let port = UInt16(words[2]), let count = Int(words[3]) else {
    fallthrough
  }
  var clients = (0..<count).map { Client(port: port, number: $0) }
  _ = run(&clients, for: .zero)
  say("ready")
  while let line = readLine(), let milliseconds = Int(line) {
    let start = ContinuousClock.now
    let exchanges = run(&clients, for: .milliseconds(milliseconds))
    say("\(exchanges) \(Int((ContinuousClock.now - start) / .nanoseconds(1)))")
  }
default:
  fatalError("usage: StoreBench serve | load PORT CLIENTS")
}

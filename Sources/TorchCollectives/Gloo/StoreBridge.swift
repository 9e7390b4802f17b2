internal import CTorch
internal import Collectives
internal import Glibc
internal import Synchronization

/// Lets Gloo use a store that is implemented in Swift.
final class StoreBridge: Sendable {
  private let store: any Store
  private let firstFailure = Mutex<StoreError?>(nil)

  init(_ store: any Store) { self.store = store }

  /// The first error that the store threw.
  var failure: StoreError? { firstFailure.withLock { $0 } }

  /// The callbacks, which retain this object.
  func calls() -> ct_store {
    ct_store(
      context: Unmanaged.passRetained(self).toOpaque(),
      release: { context in
        if let context { Unmanaged<StoreBridge>.fromOpaque(context).release() }
      },
      set: { context, key, value, count in
        StoreBridge.of(context).run { (store) throws(StoreError) in
          try store.set(text(key), Array(UnsafeBufferPointer(start: value, count: count)))
        }
      },
      get: { context, key, out in
        StoreBridge.of(context).run { (store) throws(StoreError) in
          let value = try store.get(text(key), timeout: nil)
          let data = UnsafeMutableBufferPointer<UInt8>(
            start: malloc(value.count + 1)?.bindMemory(to: UInt8.self, capacity: value.count + 1),
            count: value.count)
          _ = data.initialize(from: value)
          out?.pointee = ct_bytes(data: data.baseAddress, count: value.count)
        }
      },
      add: { context, key, amount, out in
        StoreBridge.of(context).run { (store) throws(StoreError) in
          out?.pointee = try store.add(text(key), amount)
        }
      },
      wait: { context, keys, count, milliseconds in
        StoreBridge.of(context).run { (store) throws(StoreError) in
          // c10d passes 0 for the store's default timeout.
          let timeout = milliseconds > 0 ? Duration.milliseconds(milliseconds) : nil
          try store.wait(texts(keys, count), timeout: timeout)
        }
      },
      delete_key: { context, key, out in
        StoreBridge.of(context).run { (store) throws(StoreError) in
          out?.pointee = try store.deleteKey(text(key))
        }
      },
      check: { context, keys, count, out in
        StoreBridge.of(context).run { (store) throws(StoreError) in
          out?.pointee = try store.check(texts(keys, count))
        }
      })
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> StoreBridge {
    guard let context else { preconditionFailure("Gloo passed no context") }
    return Unmanaged<StoreBridge>.fromOpaque(context).takeUnretainedValue()
  }

  private func run(_ body: (any Store) throws(StoreError) -> Void) -> ct_error? {
    do {
      try body(store)
      return nil
    } catch {
      firstFailure.withLock { $0 = $0 ?? error }
      return strdup(error.message)
    }
  }
}

private func text(_ key: UnsafePointer<CChar>?) -> String {
  key.map { String(cString: $0) } ?? ""
}

private func texts(_ keys: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int) -> [String] {
  UnsafeBufferPointer(start: keys, count: count).map { text($0) }
}

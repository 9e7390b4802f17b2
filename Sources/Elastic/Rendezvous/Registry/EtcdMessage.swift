/// The messages of etcd's JSON gateway that a registry uses, with etcd's names.
///
/// Keys and values are base64, 64-bit numbers are strings, and fields that are zero or empty are
/// omitted. Source: the gRPC gateway of etcd 3.4, `/v3/kv/…` and `/v3/lease/…`.
enum EtcdMessage {
  /// The request and the response of `lease/grant`, and the request of `lease/keepalive`.
  struct Lease: Codable, Sendable {
    var ID: String?
    /// Seconds; missing from the response if the lease has expired.
    var TTL: String?
  }

  struct KeepAliveResponse: Decodable, Sendable {
    var result: Lease
  }

  struct Range: Encodable, Sendable {
    var key: String
  }

  struct RangeResponse: Decodable, Sendable {
    struct Entry: Decodable, Sendable {
      var value: String?
    }
    var kvs: [Entry]?
  }

  struct Transaction: Encodable, Sendable {
    var compare: [Comparison]
    var success: [Operation]
  }

  struct TransactionResponse: Decodable, Sendable {
    var succeeded: Bool?
  }

  struct Comparison: Encodable, Sendable {
    var key: String
    var target: String
    var result = "EQUAL"
    var value: String?
    var create_revision: String?

    static func equals(_ key: String, _ value: String) -> Comparison {
      Comparison(key: key, target: "VALUE", value: value)
    }

    static func isMissing(_ key: String) -> Comparison {
      Comparison(key: key, target: "CREATE", create_revision: "0")
    }
  }

  struct Operation: Encodable, Sendable {
    struct Put: Encodable, Sendable {
      var key: String
      var value: String
      var lease: String?
    }
    var requestPut: Put?
    var requestDeleteRange: Range?

    static func put(_ key: String, _ value: String, lease: String?) -> Operation {
      Operation(requestPut: Put(key: key, value: value, lease: lease))
    }

    static func delete(_ key: String) -> Operation {
      Operation(requestDeleteRange: Range(key: key))
    }
  }

  /// The response with any status except 200.
  struct Failure: Decodable, Sendable {
    var message: String?
  }
}

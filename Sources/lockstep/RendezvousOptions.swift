import ArgumentParser

/// The options that say which nodes take part, and where they meet.
struct RendezvousOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The number of nodes (machines): N, or MIN:MAX for a job that goes on while some are missing. "
        + "(default: 1)", valueName: "n"))
  var nnodes: String?

  @Flag(
    help: """
      One node that meets nobody: the options below are not needed, and two such jobs on a machine never \
      disturb each other.
      """)
  var standalone = false

  @Option(
    name: .both("rdzv-backend"),
    help: ArgumentHelp(
      "How nodes find each other: static (each is told its --node-rank), c10d (through the one at the "
        + "endpoint, or a file with --rdzv-conf store_type=file; nodes may come and go), etcd or etcd-v2 "
        + "(an etcd server, version 3.4 or newer, in place of a node). (default: static)",
      valueName: "backend"))
  var backend: String?

  @Option(
    name: .both("rdzv-endpoint"),
    help: ArgumentHelp(
      "Where nodes meet, the same for all: HOST:PORT, an IPv6 address in brackets. The port may be left "
        + "out: 29500 for static, 29400 for c10d, 2379 for etcd. With store_type=file the file's path. "
        + "(default: --master-addr and --master-port, static only)", valueName: "endpoint"))
  var endpoint: String?

  @Option(
    name: .both("rdzv-id"),
    help: ArgumentHelp(
      "The job's name, the same for all nodes: TORCHELASTIC_RUN_ID in the workers' environment, and "
        + "part of the log folder's name. (default: none; random with --standalone)",
      valueName: "id"))
  var id: String?

  @Option(
    name: .both("rdzv-conf"),
    help: ArgumentHelp(
      "How patient nodes are with each other: KEY=VALUE,KEY=VALUE with torchrun's keys, such as "
        + "join_timeout=600, last_call_timeout=30, keep_alive_interval=0.5. read_timeout=60 is for etcd and "
        + "store_type=file, heartbeat_timeout=5 for etcd only.",
      valueName: "settings"))
  var settings: String?

  @Option(
    name: .both("node-rank"),
    help: ArgumentHelp(
      "This node's rank, from 0; static only. (default: 0)", valueName: "rank"))
  var nodeRank: String?

  @Option(
    name: .both("master-addr"),
    help: ArgumentHelp(
      "The address of node 0 for static, where nodes meet. (default: 127.0.0.1)",
      valueName: "address"))
  var masterAddress: String?

  @Option(
    name: .both("master-port"),
    help: ArgumentHelp(
      """
      The port there. (default: 29500) On one node that of the workers' store (default: a free one, anew for \
      each restart); on several the store takes a free one.
      """,
      valueName: "port"))
  var masterPort: String?

  @Option(
    name: .both("local-addr"),
    help: ArgumentHelp(
      "The address by which other nodes reach this one. (default: found out)", valueName: "address")
  )
  var localAddress: String?
}

import ArgumentParser

/// The options that define the nodes of a job and their rendezvous.
struct RendezvousOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Number of nodes (machines): N, or MIN:MAX for a job that runs with any number of nodes in "
        + "that range. (default: 1)", valueName: "n"))
  var nnodes: String?

  @Flag(
    help: """
      Run a single-node job, without a rendezvous. The options below are not needed, and several \
      such jobs can run on one machine without conflicts.
      """)
  var standalone = false

  @Option(
    name: .bothSpellings("rdzv-backend"),
    help: ArgumentHelp(
      "How nodes find each other. static: each node has a fixed --node-rank. c10d: through the "
        + "node at the endpoint, or through a file with --rdzv-conf store_type=file; nodes can "
        + "join and leave during the job. etcd, etcd-v2: through an etcd server, version 3.4 or "
        + "newer. (default: static)",
      valueName: "backend"))
  var backend: String?

  @Option(
    name: .bothSpellings("rdzv-endpoint"),
    help: ArgumentHelp(
      "Rendezvous endpoint as HOST:PORT, the same for all nodes; write an IPv6 address in "
        + "brackets. The port defaults to 29500 for static, 29400 for c10d and 2379 for etcd. With "
        + "store_type=file, the path of the file. (default: --master-addr and --master-port, "
        + "static only)",
      valueName: "endpoint"))
  var endpoint: String?

  @Option(
    name: .bothSpellings("rdzv-id"),
    help: ArgumentHelp(
      "Job id, the same for all nodes. Workers receive it as TORCHELASTIC_RUN_ID, and it is part "
        + "of the log folder's name. (default: random on a single node without an endpoint and "
        + "--master-port, otherwise none)",
      valueName: "id"))
  var id: String?

  @Option(
    name: .bothSpellings("rdzv-conf"),
    help: ArgumentHelp(
      "Rendezvous timeouts and settings as KEY=VALUE,KEY=VALUE with torchrun's keys, such as "
        + "join_timeout=600, last_call_timeout=30, keep_alive_interval=0.5. read_timeout=60 "
        + "applies to etcd and store_type=file, heartbeat_timeout=5 only to etcd. Unknown keys are "
        + "ignored with a warning.",
      valueName: "settings"))
  var settings: String?

  @Option(
    name: .bothSpellings("node-rank"),
    help: ArgumentHelp(
      "Rank of this node, starting at 0; static only. (default: 0)", valueName: "rank"))
  var nodeRank: String?

  @Option(
    name: .bothSpellings("master-addr"),
    help: ArgumentHelp(
      "Address of node 0, where the nodes rendezvous; static only. (default: 127.0.0.1)",
      valueName: "address"))
  var masterAddress: String?

  @Option(
    name: .bothSpellings("master-port"),
    help: ArgumentHelp(
      """
      Rendezvous port of node 0 (default: 29500). On a single node, the port of the workers' store \
      (default: 0, a free port, new for each restart); on several nodes, the store always uses a \
      free port.
      """,
      valueName: "port"))
  var masterPort: String?

  @Option(
    name: .bothSpellings("local-addr"),
    help: ArgumentHelp(
      "Address at which other nodes reach this node. (default: detected)", valueName: "address")
  )
  var localAddress: String?
}

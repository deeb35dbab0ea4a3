using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    # The gateway of a test is on this machine, where a worker may not go by default.
    (name = "internet", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  compatibilityDate = "2026-01-01",
  modules = [
    (name = "test/client/runtimes/worker.js", esModule = embed "worker.js"),
    (name = "test/client/runtimes/smoke.js", esModule = embed "smoke.js"),
    (name = "client/dist/index.js", esModule = embed "../../../client/dist/index.js"),
    (name = "client/dist/operation.js", esModule = embed "../../../client/dist/operation.js"),
    (name = "client/dist/request-body.js", esModule = embed "../../../client/dist/request-body.js"),
    (name = "client/dist/retry.js", esModule = embed "../../../client/dist/retry.js"),
    (name = "client/dist/sign.js", esModule = embed "../../../client/dist/sign.js"),
    (name = "client/dist/signed-fetch.js", esModule = embed "../../../client/dist/signed-fetch.js"),
  ],
);

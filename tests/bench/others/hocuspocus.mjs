// Hocuspocus with its SQLite extension: node hocuspocus.mjs PORT DATABASE
// The extension's own driver (better-sqlite3) aborts the process under this Node when it collects garbage, so the same
// extension, with its own schema and queries, is given Node's built-in SQLite; the calls it makes are the same.
import { DatabaseSync } from "node:sqlite";

import { SQLite } from "@hocuspocus/extension-sqlite";
import { Server } from "@hocuspocus/server";

class SQLiteOfNode extends SQLite {
  async onConfigure() {
    this.db = new DatabaseSync(this.configuration.database);
    this.db.exec(this.configuration.schema);
  }
}

const [port, database] = process.argv.slice(2);
const extensions = [new SQLiteOfNode({ database })];
const server = new Server({ port: Number(port), address: "127.0.0.1", quiet: true, extensions });
await server.listen();
console.log("ready");

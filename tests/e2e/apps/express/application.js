// A guest book around express-session as it is when nobody thinks about it: the store in memory, each
// option at its default, and no regenerate() at login, so that the id of before it is the one of after it.

import express from "express";
import session from "express-session";

const PASSWORDS = { alice: "correct horse battery", bob: "staple of the bob" };
const entries = [];
const application = express();

application.use(session({ secret: "keyboard cat", resave: true, saveUninitialized: true }));
application.use(express.urlencoded({ extended: false }), express.json());

application.get("/", (request, response) => {
  response.json({ user: request.session.user ?? null, entries });
});

application.get("/login", (request, response) => {
  response.send('<form method="post"><input name="user"><input name="password"></form>');
});

application.post("/login", (request, response) => {
  const { user, password } = request.body;
  if (!Object.hasOwn(PASSWORDS, user) || PASSWORDS[user] !== password) {
    return response.status(401).send("wrong user or password");
  }
  request.session.user = user;
  response.redirect(303, "/");
});

application.post("/entries", (request, response) => {
  if (!request.session.user) return response.status(403).send("log in first");
  entries.push({ by: request.session.user, text: request.body.text });
  response.redirect(303, "/");
});

application.post("/logout", (request, response) => {
  request.session.destroy(() => response.redirect("/"));
});

application.get("/headers", (request, response) => response.json(request.headers));

const server = application.listen(0, "127.0.0.1", () => {
  console.log(`listening on ${server.address().port}`);
});

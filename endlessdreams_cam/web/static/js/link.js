// The WebSocket to the show. It comes back by itself, and what hands do is sent newest value first.

const PAUSES_MS = [250, 500, 1000, 2000];
const SILENT_MS = 6000; // the status comes several times a second: silence means that the line is dead

export class Link {
  /** `first` is sent as soon as the line is open; `hear` gets messages, `state` "live", "lost" or "refused",
   *  `settled` the names of moves that the show has answered. */
  constructor(url, { first, hear, picture, state, settled }) {
    this.url = url;
    this.first = first;
    this.hear = hear;
    this.picture = picture;
    this.state = state;
    this.settled = settled;
    this.tries = 0;
    this.number = 0;
    this.asked = new Map();
    this.turned = { set: new Map(), unit: new Map() };
  }

  open() {
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onopen = () => this.first().forEach((message) => this.send(message));
    socket.onmessage = ({ data }) => this.#heard(data);
    socket.onclose = ({ code }) => this.#lost(socket, code);
    this.#guard();
  }

  /** Send a message; returns whether there was a line to send it on. */
  send(message) {
    const live = this.socket?.readyState === WebSocket.OPEN;
    if (live) this.socket.send(JSON.stringify(message));
    return live;
  }

  /** Send a message and return a promise of its answer; refusals reject with text and remedy. */
  ask(message) {
    const id = ++this.number;
    return new Promise((done, refused) => {
      this.asked.set(id, { done, refused });
      if (!this.send({ ...message, id }))
        this.#answer({ id, type: "refused", text: "The show is not connected." });
    });
  }

  /** Send a value with the next drawn frame: of several for one name only the newest goes. */
  turn(how, name, value) {
    const idle = !this.turned.set.size && !this.turned.unit.size;
    this.turned.set.delete(name);
    this.turned.unit.delete(name);
    this.turned[how].set(name, value);
    if (idle) requestAnimationFrame(() => this.flush());
  }

  flush() {
    for (const [how, values] of Object.entries(this.turned)) {
      if (values.size) this.#tell({ do: how, values: Object.fromEntries(values) });
      values.clear();
    }
  }

  #tell(message) {
    const names = Object.keys(message.values);
    this.ask(message).then(
      () => this.settled(names),
      (refusal) => this.hear({ type: "refused", ...refusal, names }),
    );
  }

  #heard(data) {
    this.heardAt = performance.now();
    if (typeof data !== "string") return this.picture(data);
    const message = JSON.parse(data);
    if (message.type === "hello") {
      this.tries = 0;
      this.state("live");
    }
    if (message.id !== undefined && this.asked.has(message.id)) this.#answer(message);
    else this.hear(message);
  }

  #answer(message) {
    const { done, refused } = this.asked.get(message.id);
    this.asked.delete(message.id);
    if (message.type === "refused") refused({ text: message.text, remedy: message.remedy ?? "" });
    else done(message);
  }

  #guard() {
    clearInterval(this.watch);
    this.heardAt = performance.now();
    this.watch = setInterval(() => {
      if (!document.hidden && performance.now() - this.heardAt > SILENT_MS)
        this.#lost(this.socket, 0);
    }, 1000);
  }

  #lost(socket, code) {
    if (socket !== this.socket) return;
    clearInterval(this.watch);
    this.socket = null;
    socket.close();
    for (const id of [...this.asked.keys()])
      this.#answer({ id, type: "refused", text: "The connection was lost." });
    this.state(code === 4401 ? "refused" : "lost");
    setTimeout(() => this.open(), PAUSES_MS[Math.min(this.tries++, PAUSES_MS.length - 1)]);
  }
}

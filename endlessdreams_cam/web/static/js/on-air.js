// The program full-bleed, for a browser source. It comes back by itself when the show does.

const AGAIN_MS = 500;
const SILENT_MS = 4000;

const canvas = document.querySelector("canvas");
const pen = canvas.getContext("2d", { alpha: false });
let heard = performance.now();

function connect() {
  const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/ws`);
  const say = (message) =>
    socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message));
  const watch = setInterval(() => performance.now() - heard > SILENT_MS && socket.close(), 1000);
  socket.binaryType = "arraybuffer";
  heard = performance.now();
  socket.onopen = () => {
    say({ do: "hello", token: document.body.dataset.key });
    say({ do: "subscribe", topics: ["program"], hz: 60, width: "full" });
  };
  socket.onmessage = async ({ data }) => {
    heard = performance.now();
    if (typeof data === "string") return;
    try {
      draw(await createImageBitmap(new Blob([new Uint8Array(data, 1)], { type: "image/jpeg" })));
    } finally {
      say({ do: "seen", picture: "program" });
    }
  };
  socket.onclose = () => {
    clearInterval(watch);
    setTimeout(connect, AGAIN_MS);
  };
}

function draw(picture) {
  if (canvas.width !== picture.width || canvas.height !== picture.height) {
    canvas.width = picture.width;
    canvas.height = picture.height;
  }
  pen.drawImage(picture, 0, 0);
  picture.close();
}

connect();

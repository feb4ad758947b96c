"""`python -m endlessdreams_cam` is the command endlessdreams-cam."""

from endlessdreams_cam.cli.main import main

if __name__ == "__main__":
    main()

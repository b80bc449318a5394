package target

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
)

var (
	// loader has the functions that import a file; each launcher needs it before itself.
	//
	//go:embed load.py
	loader string

	// launcher is the program that imports the file and calls its run_server.
	//
	//go:embed launch.py
	launcher string
)

// Variables in the environment of a launcher. A file name that stands there needs no
// quotes, and cannot be taken for a placeholder.
const (
	launcherVariable = "PUTGET_CONFORM_LAUNCHER"
	fileVariable     = "PUTGET_CONFORM_FILE"
)

// pythonCommand runs a launcher with the file as its argument. It keeps the folder in
// which the judge runs from the modules that Python finds, as they are kept from a
// program that is run by its name.
const pythonCommand = `exec python3 -u -c 'import sys; sys.path = [p for p in sys.path if p]
import os; exec(compile(os.environ.pop("` + launcherVariable + `"), "<launcher>", "exec"))' "$` + fileVariable + `"`

// Python returns the target that a Python file is: its function run_server(host, port)
// is called, in the main thread of a python3 from PATH. It may block, or return what
// serves: threads, a coroutine, or an object with a method serve_forever. The file may
// import its neighbours, relatively too. The error says that it cannot be read; that
// it has no such function, or that there is no python3, is for Start to say.
func Python(file string, cfg ExecConfig) (*Process, error) {
	absolute, err := absoluteFile(file, "the Python file that has run_server(host, port)")
	if err != nil {
		return nil, err
	}
	cfg.Env = append([]string{launcherVariable + "=" + loader + launcher, fileVariable + "=" + absolute}, cfg.Env...)
	p, err := Exec(pythonCommand+" {host} {port}", cfg)
	if err != nil {
		return nil, err
	}
	p.shown = "run_server({host}, {port}) of " + file
	p.program = "python3"
	return p, nil
}

// absoluteFile returns the absolute name of a file that is to be what want says.
func absoluteFile(file, want string) (string, error) {
	info, err := os.Stat(file)
	if err != nil {
		return "", fmt.Errorf("the file cannot be read: %w", err)
	}
	if info.IsDir() {
		return "", fmt.Errorf("%s is a folder; want %s", file, want)
	}
	absolute, err := filepath.Abs(file)
	if err != nil {
		return "", fmt.Errorf("the file cannot be found: %w", err)
	}
	return absolute, nil
}

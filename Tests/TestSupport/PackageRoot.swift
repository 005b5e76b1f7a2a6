public import Foundation

/// Where the sources of the package lie, for fixtures, scripts and the Python tools.
public let packageRoot = URL(filePath: #filePath)
    .deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent()
